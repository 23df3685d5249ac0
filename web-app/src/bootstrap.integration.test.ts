import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arriving, openSite } from '../../test-support/domain-site.ts';
import type { TestSite } from '../../test-support/domain-site.ts';
import { verifyPassword } from './auth/password.ts';
import { applyBootstrapFile } from './bootstrap.ts';
import { createServices } from './domain/create-services.ts';

let site: TestSite;
const folder = mkdtempSync(join(tmpdir(), 'openkefu-bootstrap-'));
beforeAll(async () => {
  site = await openSite();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await site.close();
});

async function apply(content: unknown): Promise<string> {
  const file = join(folder, 'site.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return (await applyBootstrapFile(site.url, file)).summary;
}

/** The file that `running.md` shows, every field of it. */
const acme = {
  business_id: 'acme',
  name: 'Acme',
  state: 'open',
  distribution_rule: 'auto',
  legacy_visitors: true,
  encrypt_channels: false,
  video_state: 'open',
  audio_state: 'open',
  voice_state: 'open',
  widget: { accent: '#118844', preChat: { enabled: true, fields: ['name', 'phone'] } },
  blacklist_mode: 'silent',
  identity_secret: 'sign-with-this',
  self_registration: false,
  app_enabled: true,
  allowed_domains: ['shop.example', '*.shop.example'],
  app_id: 'wok1',
  secret: 'wok-secret',
  allow_multi_login: false,
  epid: 'E00001',
  public_key: '123456',
  guest_login: true,
  friends_only: true,
  api_key: 'acme-api-key',
  legacy_public_channels: false,
  locale: 'zh-CN',
  timezone: 'Asia/Shanghai',
  agents: [
    {
      user_name: 'alice',
      nick_name: 'Alice',
      password: 'alice-password-1',
      level: 'manager',
      uid: '900',
      token: 'alice-token',
      max_conversations: 8,
      teams: [1],
    },
    { user_name: 'bob', password: 'bob-password-1' },
  ],
  teams: [
    {
      team_id: 1,
      name: 'Sales',
      logo: '',
      assign: 'auto',
      offline_text: '',
      hold_when_no_agent: false,
      timeout_s: 300,
      drop_after_s: 60,
      working_hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }],
    },
  ],
  clients: [{ login_name: 'lori', password: 'secret-1' }],
  users: [
    { uid: '1', nickname: 'One', token: 'token-1', friends: ['2'] },
    { uid: '2', nickname: 'Two' },
  ],
  questions: [{ question: '测试标题', answer: '测试1.1' }],
  greeting: '您好',
  offline_text: '客服不在线',
};

/** Every row that a bootstrap run may write, as text. */
async function everything(): Promise<string> {
  const tables = [
    'businesses',
    'users',
    'agents',
    'teams',
    'team_agents',
    'client_accounts',
    'friendships',
    'faqs',
    'api_keys',
  ];
  const rows = await Promise.all(tables.map((table) => site.db(table).orderByRaw('1, 2')));
  return JSON.stringify(rows);
}

test('the whole file is applied, and applying it again changes nothing', async () => {
  expect(await apply({ businesses: [acme] })).toBe(
    '1 business created, 1 team created, 2 agents created, 1 client created, 2 users created, 1 question created.',
  );
  const once = await everything();
  expect(await apply({ businesses: [acme] })).toBe('Nothing to change: all of it is so already.');
  expect(await everything()).toBe(once);

  const services = createServices(site.db, { announce: () => undefined }, { filesDir: folder });
  const business = await services.businesses.bySlug('acme');
  expect(business).toMatchObject({
    name: 'Acme',
    legacyVisitors: true,
    identitySecret: 'sign-with-this',
    greeting: '您好',
    offlineText: '客服不在线',
    allowedDomains: ['shop.example', '*.shop.example'],
  });
  const credentials = await services.agents.credentials('ALICE');
  expect(credentials).toMatchObject({ level: 'manager', businessId: business?.id });
  expect(await verifyPassword('alice-password-1', credentials?.passwordHash ?? '')).toBe(true);
  expect(await services.agents.byUserId(credentials?.userId ?? 0)).toMatchObject({ uid: '900', maxConversations: 8 });
});

test('no secret stands in the database in the clear', async () => {
  const text = await everything();
  for (const secret of ['alice-password-1', 'wok-secret', 'sign-with-this', 'acme-api-key', 'token-1', 'secret-1']) {
    expect(text).not.toContain(secret);
  }
});

test('what is left out of the file stays as it is', async () => {
  expect(await apply({ businesses: [{ business_id: 'acme', greeting: 'Hello' }] })).toBe('1 business changed.');
  const services = createServices(site.db, { announce: () => undefined }, { filesDir: folder });
  expect(await services.businesses.bySlug('acme')).toMatchObject({
    greeting: 'Hello',
    offlineText: '客服不在线',
    identitySecret: 'sign-with-this',
    name: 'Acme',
  });
});

test('a new password is hashed anew and ends the sessions of the old one; an old one is not touched', async () => {
  const before = await site.services.agents.credentials('bob');
  const agents = [{ user_name: 'bob', password: 'another-password' }];
  expect(await apply({ businesses: [{ business_id: 'acme', agents }] })).toBe('1 agent changed.');
  const after = await site.services.agents.credentials('bob');
  expect(await verifyPassword('another-password', after?.passwordHash ?? '')).toBe(true);
  expect(after?.sessionsValidFrom.getTime()).toBeGreaterThan(before?.sessionsValidFrom.getTime() ?? 0);
});

test('a business without more than its id has every default, and agents without teams serve the default team', async () => {
  await apply({ businesses: [{ business_id: 'bare', agents: [{ user_name: 'carol' }] }] });
  const bare = await site.services.businesses.bySlug('bare');
  expect(bare).toMatchObject({
    name: 'bare',
    state: 'open',
    distributionRule: 'auto',
    legacyVisitors: false,
    legacyPublicChannels: false,
    encryptChannels: false,
  });
});

test('a user of the file needs its token at the door; a stranger who used its id goes by another', async () => {
  const acmeBusiness = await site.services.businesses.bySlug('acme');
  if (acmeBusiness === null) throw new Error('no acme');
  await expect(site.services.visitors.arrive(acmeBusiness, arriving('1'))).rejects.toMatchObject({
    code: 'token_required',
  });
  const stranger = await site.services.visitors.arrive(acmeBusiness, arriving('77'));
  await apply({ businesses: [{ business_id: 'acme', users: [{ uid: '77', nickname: 'Seventy-seven' }] }] });
  expect(await site.services.users.byId(acmeBusiness.id, stranger.visitor.id)).toMatchObject({
    uid: `77~${stranger.visitor.id}`,
  });
});

test('more places in the file are filled from the line', async () => {
  await apply({
    businesses: [{ business_id: 'full', agents: [{ user_name: 'dora', max_conversations: 0 }] }],
  });
  const business = await site.services.businesses.bySlug('full');
  if (business === null) throw new Error('no business');
  const dora = await site.services.agents.credentials('dora');
  await site.services.presence.held(dora?.userId ?? 0);
  const visitor = await site.visitor(business, 'v');
  const options = { teamNumber: 0, hold: false, door: 'widget' };
  expect(await site.services.conversations.admit(business, visitor, options)).toMatchObject({ kind: 'waiting' });
  await apply({ businesses: [{ business_id: 'full', agents: [{ user_name: 'dora', max_conversations: 1 }] }] });
  expect(await site.services.conversations.admit(business, visitor, options)).toMatchObject({ kind: 'assigned' });
});

test.each([
  ['{ not json', /not valid JSON/],
  ['[]', /the file/],
  [{ businesses: [{}] }, /businesses\[0\]\.business_id/],
  [{ business: [] }, /business: unknown field/],
  [{ businesses: [{ business_id: 'x', agnts: [] }] }, /businesses\[0\]\.agnts: unknown field/],
  [{ businesses: [{ business_id: 'x y' }] }, /businesses\[0\]\.business_id: has 1 to 64/],
  [
    { businesses: [{ business_id: 'x', agents: [{ user_name: 'a' }, { user_name: 'b', level: 'boss' }] }] },
    /businesses\[0\]\.agents\[1\]\.level/,
  ],
  [
    { businesses: [{ business_id: 'x', agents: [{ user_name: 'a', phone: '1' }] }] },
    /agents\[0\]\.phone: unknown field/,
  ],
  [
    { businesses: [{ business_id: 'x', agents: [{ user_name: 'a' }, { user_name: 'A' }] }] },
    /agents\[1\]\.user_name: the same as businesses\[0\]\.agents\[0\]\.user_name/,
  ],
  [{ businesses: [{ business_id: 'y', agents: [{ user_name: 'alice' }] }] }, /agents\[0\].*another business/],
  [
    { businesses: [{ business_id: 'x', agents: [{ user_name: 'zed', teams: [5] }] }] },
    /businesses\[0\]\.agents\[0\]\.teams\[0\]: there is no team 5/,
  ],
  [{ businesses: [{ business_id: 'x', locale: 'no such' }] }, /businesses\[0\]\.locale: is no language tag/],
  [{ businesses: [{ business_id: 'x', timezone: 'Mars/Olympus' }] }, /businesses\[0\]\.timezone: is no time zone/],
  [{ businesses: [{ business_id: 'x', allowed_domains: ['a; script-src *'] }] }, /allowed_domains\[0\]: is no domain/],
  [
    {
      businesses: [
        { business_id: 'x', teams: [{ team_id: 1, working_hours: [{ days: [8], from: '9', to: '10:00' }] }] },
      ],
    },
    /working_hours\[0\]\.days\[0\][^]*working_hours\[0\]\.from: is no time of day/,
  ],
  [{ businesses: [{ business_id: 'x', app_id: 'wok1' }] }, /businesses\[0\]\.app_id: another business has this app_id/],
  [{ businesses: [{ business_id: 'x', api_key: 'acme-api-key' }] }, /businesses\[0\]\.api_key: this key is used/],
  [
    { businesses: [{ business_id: 'x', encrypt_channels: true, legacy_public_channels: true }] },
    /businesses\[0\]\.encrypt_channels: .*exclude each other/,
  ],
  [
    { businesses: [{ business_id: 'x', users: [{ uid: '1', friends: ['1'] }] }] },
    /users\[0\]\.friends\[0\]: nobody is a friend of their own/,
  ],
  [{ businesses: [{ business_id: 'x', name: 'a\u0000b' }] }, /zero character/],
])('%j is refused, named, and changes nothing', async (content, message) => {
  const before = await everything();
  await expect(apply(content)).rejects.toThrow(message);
  expect(await everything()).toBe(before);
});

test('a friend who stands nowhere else in the file is made, and not made again', async () => {
  const content = { businesses: [{ business_id: 'far', users: [{ uid: '1', friends: ['2'] }] }] };
  await apply(content);
  const made = await site
    .db('users')
    .join('businesses', 'businesses.id', 'users.business_id')
    .where({ slug: 'far' })
    .orderBy('uid')
    .select('uid', 'nickname', 'kind');
  expect(made).toEqual([
    { uid: '1', nickname: '1', kind: 'member' },
    { uid: '2', nickname: '2', kind: 'member' },
  ]);
  const before = await everything();
  await apply(content);
  expect(await everything()).toBe(before);
});

test('a file that is not there is one plain sentence', async () => {
  await expect(applyBootstrapFile(site.url, join(folder, 'none.json'))).rejects.toThrow(/none\.json cannot be read/);
});
