import express from 'express';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Pusher from 'pusher-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookiesOf, eventually, httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';

/** Written from the WoLive document alone: its Pusher options, its form fields, its webhook receiver. */

interface Reply {
  code: number;
  msg: string;
  data: Record<string, unknown>;
}

/** The document's visitor: whatever the site names, and the channel made of it. */
const visiterOf = (visiter_id: string, business_id: string) => ({
  visiter_id,
  business_id,
  channel: Buffer.from(`${visiter_id}/${business_id}`).toString('hex'),
});

/** What comes on channels, kept until somebody asks for it. */
class Listener {
  readonly #pusher: Pusher;
  readonly #heard: { event: string; channel: string; data: Record<string, unknown> }[] = [];

  constructor(appKey: string, port: number) {
    this.#pusher = new Pusher(appKey, {
      // pusher-js has asked for one since the document was written; with wsHost it means nothing.
      cluster: '',
      forceTLS: false,
      enabledTransports: ['ws'],
      wsHost: '127.0.0.1',
      wsPort: port,
    });
  }

  async subscribe(channel: string): Promise<void> {
    const subscribed = this.#pusher.subscribe(channel);
    subscribed.bind_global((event: string, data: Record<string, unknown>) => {
      this.#heard.push({ event, channel, data });
    });
    await eventually(
      () => Promise.resolve(subscribed.subscribed),
      (done) => done,
    );
  }

  /** The first event of that name on that channel whose message fits. */
  async hear(channel: string, event: string, fits: (message: Record<string, unknown>) => boolean = () => true) {
    const found = await eventually(
      () =>
        Promise.resolve(
          this.#heard.find(
            (one) =>
              one.channel === channel && one.event === event && fits(one.data['message'] as Record<string, unknown>),
          ),
        ),
      (one) => one !== undefined,
    );
    return found?.data ?? {};
  }

  close(): void {
    this.#pusher.disconnect();
  }
}

/** The document's receiver of section 5, in Express; behind it the product's own. */
function receiver(secret: string, told: string[], forwardTo: () => string) {
  const app = express();
  app.post('/admin/event', express.raw({ type: () => true }), async (req, res) => {
    const body = req.body as Buffer;
    const expected = createHmac('sha256', secret).update(body).digest('hex');
    if (req.get('x-pusher-signature') === expected) {
      const payload = JSON.parse(body.toString()) as { events: { name: string; channel: string }[] };
      for (const event of payload.events) {
        if (event.name === 'channel_removed' || event.name === 'channel_added')
          told.push(`${event.name} ${event.channel}`);
      }
    }
    const answer = await fetch(`${forwardTo()}/admin/event`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Pusher-Key': req.get('x-pusher-key') ?? '',
        'X-Pusher-Signature': req.get('x-pusher-signature') ?? '',
      },
      body: body.toString(),
    });
    res.status(answer.status).end();
  });
  return app;
}

const told: string[] = [];
let stack: Stack | undefined;
let site: Server;
let anybody: HttpCaller;
let service: Listener;
let visiter: Listener;
let signedIn: HttpCaller;
let service_id: number;

const running = (): Stack => {
  if (!stack) throw new Error('the stack is not up');
  return stack;
};

const legacy = { legacy_visitors: true, legacy_public_channels: true, greeting: '您好！' };
const agent = (user_name: string) => ({ user_name, nick_name: '客服', password: 'password-1' });

beforeAll(async () => {
  const secret = 'secret-1';
  site = createServer(receiver(secret, told, () => running().webUrl)).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/admin/event`;
  stack = await startStack({
    bootstrap: {
      businesses: [
        { business_id: 'admin', distribution_rule: 'auto', ...legacy, agents: [agent('kefu1')] },
        { business_id: 'claim', distribution_rule: 'claim', ...legacy, agents: [agent('kefu2')] },
      ],
    },
    pusherEnv: { PUSHER_APP_WEBHOOKS: JSON.stringify([{ url, dialect: 'wolive' }]) },
  });
  expect(stack.app.secret).toBe(secret);
  anybody = httpCaller(stack.webUrl);
});

afterAll(async () => {
  service.close();
  visiter.close();
  await stack?.stop();
  site.close();
});

async function openConsole(user_name: string, business_id: string): Promise<void> {
  const login = await anybody.json<Reply>('POST', '/admin/login', { user_name, password: 'password-1' });
  signedIn = anybody.with({ Cookie: cookiesOf(login) });
  service_id = Number(login.body.data['service_id']);
  service = new Listener(running().app.key, running().pusher.port);
  for (const channel of [`kefu${service_id}`, `ud${service_id}`, `all${business_id}`]) await service.subscribe(channel);
}

const notice = async (fields: Record<string, string>) =>
  (await anybody.form<Reply>('/admin/event/notice', fields)).body;

describe('an integration written from the WoLive document', () => {
  it('the rule auto: from notice to answer, over plain channels', async () => {
    await openConsole('kefu1', 'admin');
    await eventually(
      () => Promise.resolve(told),
      (events) => events.includes(`channel_added kefu${service_id}`),
    );

    const who = visiterOf('10086', 'admin');
    const fields = { ...who, record: 'https://shop.example/item', avatar: '/assets/images/visiter.png' };
    const assigned = await eventually(
      () => notice(fields),
      ({ code }) => code === 0,
    );
    expect(assigned).toMatchObject({ msg: '', data: { service_id, user_name: 'kefu1', state: 'online' } });
    expect(await service.hear(`ud${service_id}`, 'on_notice')).toMatchObject({
      message: { visiter_id: '10086', channel: who.channel, business_id: 'admin' },
    });

    visiter = new Listener(running().app.key, running().pusher.port);
    await visiter.subscribe(`cu${who.channel}`);
    await visiter.subscribe(`se${service_id}`);
    await service.hear(`kefu${service_id}`, 'geton', (message) => message['chas'] === who.channel);

    const sent = await anybody.form<Reply>('/admin/event/chats', {
      visiter_id: who.visiter_id,
      service_id: String(service_id),
      content: '请问有货吗',
      business_id: 'admin',
      avatar: fields.avatar,
      record: fields.record,
    });
    expect(sent.body).toMatchObject({ code: 0, msg: 'success' });
    const { message } = await service.hear(`kefu${service_id}`, 'cu-event');
    expect(message).toMatchObject({
      visiter_id: '10086',
      service_id,
      business_id: 'admin',
      channel: who.channel,
      content: '请问有货吗',
      avatar: fields.avatar,
      record: fields.record,
      timestamp: expect.any(Number) as number,
    });

    const answered = await signedIn.form<Reply>('/admin/set/chats', {
      visiter_id: '10086',
      content: '有的',
      avatar: '',
    });
    expect(answered.body).toMatchObject({ code: 0, msg: 'success' });
    expect((await visiter.hear(`cu${who.channel}`, 'my-event'))['message']).toMatchObject({
      visiter_id: '10086',
      service_id,
      business_id: 'admin',
      content: '有的',
      direction: 'to_visiter',
      timestamp: expect.any(Number) as number,
    });

    visiter.close();
    await service.hear(`kefu${service_id}`, 'logout', (data) => data['chas'] === who.channel);
    expect(told).toContain(`channel_removed cu${who.channel}`);
    service.close();
  });

  it('the rule claim: waiting, claimed, greeted', async () => {
    await openConsole('kefu2', 'claim');
    const who = visiterOf('10087', 'claim');
    visiter = new Listener(running().app.key, running().pusher.port);
    await visiter.subscribe(`cu${who.channel}`);
    const waiting = await eventually(
      () => notice({ ...who, record: '', avatar: '' }),
      ({ code }) => code === 2,
    );
    expect(waiting.msg).toBe('等待认领');
    expect(await service.hear('allclaim', 'on_notice')).toHaveProperty('message.msg');

    expect((await signedIn.form<{ data: object[] }>('/admin/set/getwait', {})).body.data).toHaveLength(1);
    expect((await signedIn.form<Reply>('/admin/set/get', { visiter_id: '10087' })).body.code).toBe(0);
    expect(await visiter.hear(`cu${who.channel}`, 'cu_notice')).toMatchObject({
      message: { service_id, nick_name: '客服', state: 'online' },
    });
    expect(await visiter.hear(`cu${who.channel}`, 'first_word')).toMatchObject({ message: { content: '您好！' } });
    expect((await signedIn.form<{ data: object[] }>('/admin/set/getchats', {})).body.data).toHaveLength(1);
    expect((await notice(who)).data).toMatchObject({ service_id });
  });
});
