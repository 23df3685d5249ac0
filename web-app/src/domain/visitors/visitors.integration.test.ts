import { afterAll, beforeAll, expect, test } from 'vitest';
import { arriving, openSite } from '../../../../test-support/domain-site.ts';
import type { TestSite } from '../../../../test-support/domain-site.ts';
import type { Business } from '../model.ts';

/** Spec wolive, Who may speak as a visitor. */

let site: TestSite;
let modern: Business;
let legacy: Business;
beforeAll(async () => {
  site = await openSite();
  modern = await site.business('modern');
  legacy = { ...(await site.business('legacy')), legacyVisitors: true };
});
afterAll(() => site.close());

const needsToken = { code: 'token_required' };

test('our widget gets an id nobody can guess, with its token', async () => {
  const { visitors } = site.services;
  const { visitor, created, token } = await visitors.arrive(modern, arriving(null));
  expect(visitor).toMatchObject({
    uid: expect.stringMatching(/^w-[0-9a-f]{32}$/) as string,
    nickname: `游客${visitor.id}`,
  });
  expect(created).toBe(true);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(await visitors.byToken(token ?? '')).toMatchObject({ id: visitor.id });
  await expect(visitors.arrive(modern, arriving(visitor.uid))).rejects.toMatchObject(needsToken);
  const again = await visitors.arrive(modern, arriving(visitor.uid, { proof: 'token' }));
  expect(again).toMatchObject({ created: false, token, visitor: { id: visitor.id } });
});

test('a widget id needs its token where legacy visitors are served, too', async () => {
  const uid = `w-${'a1'.repeat(16)}`;
  await site.services.visitors.arrive(legacy, arriving(uid));
  await expect(site.services.visitors.arrive(legacy, arriving(uid))).rejects.toMatchObject(needsToken);
});

test('legacy_visitors off: every call after the first needs the token', async () => {
  const { visitors } = site.services;
  const first = await visitors.arrive(modern, arriving('42'));
  expect(first).toMatchObject({ created: true, token: expect.any(String) as string });
  await expect(visitors.arrive(modern, arriving('42'))).rejects.toMatchObject(needsToken);
  await expect(visitors.arrive(modern, arriving('42', { passive: true }))).rejects.toMatchObject(needsToken);
});

test('legacy_visitors on: no token is needed until one was shown; then it always is', async () => {
  const { visitors } = site.services;
  const { token } = await visitors.arrive(legacy, arriving('42'));
  expect(await visitors.arrive(legacy, arriving('42'))).toMatchObject({ created: false, token: null });
  expect(await visitors.arrive(legacy, arriving('42', { passive: true }))).toMatchObject({ created: false });
  expect(await visitors.byToken('wrong')).toBeNull();
  expect(await visitors.arrive(legacy, arriving('42'))).toMatchObject({ created: false });
  await visitors.byToken(token ?? '');
  await expect(visitors.arrive(legacy, arriving('42'))).rejects.toMatchObject(needsToken);
  expect(await visitors.arrive(legacy, arriving('42', { proof: 'token' }))).toMatchObject({ token });
});

test('a signature makes the id the site’s; a stranger who used it keeps their thread under another name', async () => {
  const { visitors } = site.services;
  const stranger = await visitors.arrive(legacy, arriving('vip'));
  const signed = await visitors.arrive(legacy, arriving('vip', { proof: 'site', nickname: 'The real one' }));
  expect(signed).toMatchObject({ created: true, visitor: { uid: 'vip', nickname: 'The real one' } });
  expect(signed.visitor.id).not.toBe(stranger.visitor.id);
  expect(await visitors.byId(legacy.id, stranger.visitor.id)).toMatchObject({ uid: `vip~${stranger.visitor.id}` });
  expect(await visitors.byChannel(legacy.id, stranger.visitor.channel)).toMatchObject({ id: signed.visitor.id });
  expect(await visitors.byToken(stranger.token ?? '')).toMatchObject({ id: stranger.visitor.id });
  await expect(visitors.arrive(legacy, arriving('vip'))).rejects.toMatchObject(needsToken);
  expect(await visitors.arrive(legacy, arriving('vip', { proof: 'site' }))).toMatchObject({ token: signed.token });
});

test('passive finds and changes nothing', async () => {
  const { visitors } = site.services;
  await expect(visitors.arrive(modern, arriving('nobody', { passive: true }))).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(visitors.arrive(modern, arriving(null, { passive: true }))).rejects.toMatchObject({ code: 'not_found' });
  const { visitor } = await visitors.arrive(legacy, arriving('idle', { page: 'https://shop.example/a' }));
  const passive = arriving('idle', { passive: true, page: 'https://shop.example/b', nickname: 'Other' });
  expect((await visitors.arrive(legacy, passive)).visitor).toEqual(visitor);
});

test('a return updates page, address, device and name; an empty name, referrer or language keeps the old', async () => {
  const { visitors } = site.services;
  await visitors.arrive(legacy, arriving('mover', { nickname: 'Mo', referrer: 'https://search.example/' }));
  const { visitor } = await visitors.arrive(
    legacy,
    arriving('mover', { page: 'https://shop.example/cart', ip: '::ffff:198.51.100.9', nickname: '  ', locale: '' }),
  );
  expect(visitor).toMatchObject({
    nickname: 'Mo',
    page: 'https://shop.example/cart',
    referrer: 'https://search.example/',
    ip: '198.51.100.9',
    locale: 'zh-CN',
  });
});

test.each([
  [arriving(''), 'invalid'],
  [arriving('x'.repeat(90)), 'invalid'],
  [arriving('a\u0000b'), 'invalid'],
  [arriving('v', { nickname: 'n'.repeat(65) }), 'invalid'],
  [arriving('v', { nickname: 'a\u0000b' }), 'invalid'],
  [arriving('v', { avatar: 'a'.repeat(1025) }), 'invalid'],
])('%j is refused', async (input, code) => {
  await expect(site.services.visitors.arrive(modern, input)).rejects.toMatchObject({ code });
});

test('what is only noted is cut to size, and an address that is none is unknown', async () => {
  const { visitor } = await site.services.visitors.arrive(
    legacy,
    arriving('noisy', { page: `\u0000${'p'.repeat(5000)}`, ip: 'not an address', locale: 'x'.repeat(99) }),
  );
  expect(visitor.page).toHaveLength(2048);
  expect(visitor).toMatchObject({ ip: '', locale: 'x'.repeat(35) });
});

test('nobody visits as an agent, even by its uid', async () => {
  const agent = await site.agent(legacy, 'guarded');
  const { uid } = (await site.services.users.byId(legacy.id, agent.userId)) ?? { uid: '' };
  await expect(site.services.visitors.arrive(legacy, arriving(uid))).rejects.toMatchObject(needsToken);
});

test('tokens are not stored in the clear', async () => {
  const { token } = await site.services.visitors.arrive(modern, arriving(null));
  const rows = await site.db('users').select('*');
  expect(JSON.stringify(rows)).not.toContain(token);
});
