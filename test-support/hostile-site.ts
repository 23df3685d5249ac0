import { expect } from 'vitest';
import type { ApiFile } from '../web-app/src/front-doors/console-api/wire.ts';
import { visit, type Visit } from './api-visit.ts';
import { HOSTILE, HOSTILE_PAGE, IMAGE, SCRIPT } from './hostile-texts.ts';
import { formWith, gifWithHtml, html, scriptedSvg } from './sample-files.ts';
import type { SignedInAgent } from './signed-in-agent.ts';
import type { WoliveReply } from './wolive-calls.ts';

/** What managers write: pages, settings, their own name. */
export async function writePages({ calls }: SignedInAgent): Promise<void> {
  const tab = { title: IMAGE, content: '', content_read: `${HOSTILE.join('\n')}<p onclick="executed(20)">shown</p>` };
  expect((await calls.form<WoliveReply>('/admin/set/gettab', tab)).body.code).toBe(0);
  const more = { title: SCRIPT, content: HOSTILE.join('\n\n') };
  expect((await calls.form<WoliveReply>('/admin/set/gettab', more)).body.code).toBe(0);
  const greeting = { content: HOSTILE.join(' ') };
  expect((await calls.form<WoliveReply>('/admin/manager/cmtalk', greeting)).body.code).toBe(0);
  const profile = { nick_name: IMAGE, phone: IMAGE, email: IMAGE };
  expect((await calls.form<WoliveReply>('/admin/manager/update', profile)).body.code).toBe(0);
  const settings = {
    title: SCRIPT,
    launcherText: IMAGE,
    proactive: [{ page: '*', afterS: 0, text: HOSTILE.join(' ').slice(0, 500) }],
  };
  expect((await calls.json('PUT', '/api/v1/settings/widget', settings)).status).toBe(200);
}

/** What a visitor and an agent say to each other, as every kind of message. */
export async function talk(webUrl: string, business: string, agent: SignedInAgent): Promise<Visit> {
  const visitor = await visit(webUrl, business, {
    name: IMAGE,
    avatar: `https://shop.example/"onerror="executed(21)`,
    page: HOSTILE[2],
    referrer: HOSTILE.join(' '),
    locale: '"><b>',
  });
  const path = `/api/v1/conversations/${visitor.conversationId}`;
  for (const [n, text] of [...HOSTILE, HOSTILE_PAGE].entries()) {
    for (const { calls } of [visitor, agent]) {
      const sent = await calls.json('POST', `${path}/messages`, { clientId: `m${n}`, type: 'text', content: { text } });
      expect(sent.status).toBe(201);
    }
  }
  const [title = ''] = HOSTILE;
  const card = { pid: title, title, info: SCRIPT, price: IMAGE, url: 'https://shop.example/"><b>', image: '' };
  const bodies: object[] = [{ type: 'card', content: card }];
  for (const bytes of [scriptedSvg, html, gifWithHtml]) {
    const name = `"><img src=x onerror=executed(22)>\u202egpj.exe`;
    const { body } = await visitor.calls.upload<ApiFile>('/api/v1/files', formWith('file', { bytes, name }));
    bodies.push({ type: body.type === 'image/gif' ? 'image' : 'file', content: { key: body.key } });
  }
  for (const [n, body] of bodies.entries()) {
    const { status } = await visitor.calls.json('POST', `${path}/messages`, { clientId: `b${n}`, ...body });
    expect(status).toBe(201);
  }
  for (const wrong of ['javascript:executed(23)', 'data:text/html,<script>executed(24)</script>', '//shop.example']) {
    const content = { ...card, url: wrong };
    const { status } = await visitor.calls.json('POST', `${path}/messages`, { clientId: 'no', type: 'card', content });
    expect(status).toBe(422);
  }
  expect((await visitor.calls.json('POST', `${path}/rating`, { score: 3, comment: HOSTILE.join(' ') })).status).toBe(
    204,
  );
  const left = {
    businessId: business,
    name: IMAGE,
    phone: SCRIPT,
    email: IMAGE,
    content: HOSTILE_PAGE,
    page: HOSTILE[2],
  };
  expect((await visitor.calls.json('POST', '/api/v1/leave-messages', left)).status).toBe(201);
  return visitor;
}
