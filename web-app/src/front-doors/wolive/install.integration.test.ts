import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookiesOf, httpCaller, type Answer, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { signIn } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import type { WoliveReply } from '../../../../test-support/wolive-calls.ts';

const PASSWORD = 'correct-horse-1';
const SITE = {
  step: 'site',
  user_name: 'owner',
  password: PASSWORD,
  password2: PASSWORD,
  business_id: 'acme',
  name: 'Acme <b>Ltd</b>',
  legacy: 'yes',
};

type Page = Answer<string>;

/** The words that stand in a page, without its style. */
const wordsOf = ({ body }: Page) => body.replace(/<style.*<\/style>/s, '').replaceAll(/<[^>]*>/g, ' ');
const csrfOf = ({ body }: Page) => /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';

describe('the installation in the browser', () => {
  let stack: Stack;
  let stranger: HttpCaller;
  let owner: HttpCaller;
  let code: string;

  beforeAll(async () => {
    stack = await startStack({ env: { RATE_LIMITS: 'on' } });
    stranger = httpCaller(stack.webUrl).with({ 'Accept-Language': 'en' });
    code = stack.web.installCode ?? '';
    const entered = await stranger.get<string>(`/install?code=${code}`);
    owner = stranger.with({ Cookie: cookiesOf(entered) });
  });

  afterAll(() => stack.stop());

  const site = (caller: HttpCaller, fields: Record<string, string>) => caller.form<string>('/install', fields);
  const filledIn = async (change: Record<string, string> = {}) => ({
    ...SITE,
    csrf: csrfOf(await owner.get<string>('/install?step=2')),
    ...change,
  });

  it('L80: nobody is told anything without the code', async () => {
    for (const path of ['/install', '/install.php', '/index.php/install.php', '/install?step=2']) {
      const page = await stranger.get<string>(path);
      expect(page.status).toBe(200);
      expect(wordsOf(page)).toContain('Enter the installation code');
      expect(wordsOf(page)).not.toMatch(/PostgreSQL|acme|admin/);
      expect(page.body).not.toContain(code);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    }
    expect((await site(stranger, await filledIn())).status).toBe(403);
    const forged = stranger.with({ Cookie: 'openkefu_install=AAAA' });
    expect(wordsOf(await forged.get<string>('/install?step=2'))).toContain('Enter the installation code');
    expect((await stranger.json('PUT', '/install', SITE)).status).toBe(404);
  });

  it('L80: the code that is printed lets in, and leaves the address bar', async () => {
    expect(code).toMatch(/^[a-z2-9]{20}$/);
    const entered = await stranger.get<string>(`/install.php?code=${code}&lang=zh-CN`);
    expect({ status: entered.status, to: entered.headers.get('location') }).toEqual({
      status: 303,
      to: '/install?lang=zh-CN',
    });
    const [cookie = ''] = entered.headers.getSetCookie();
    expect(cookie).toMatch(/^openkefu_install=[\w-]{43}; .*HttpOnly; SameSite=Lax/);
    expect(cookie).not.toContain(code);
    const typed = await stranger.form<string>('/install', { step: 'code', code: ` ${code.toUpperCase()} ` });
    expect(wordsOf(typed)).toContain('Step 1: environment');
  });

  it('L81: what is there and what is not, in plain words', async () => {
    const good = wordsOf(await owner.get<string>('/install'));
    expect(good).toMatch(/PostgreSQL \d+.* answers/);
    expect(good).toMatch(/http:\/\/127\.0\.0\.1:\d+ answers: messages arrive at once/);
    expect(good).toContain('can be written');
    expect(good).toContain(`${stack.webUrl}, the same that you have opened`);
    expect(good).toContain('Everything that is needed is there');

    await stack.killPusher9();
    const { hostname, port } = new URL(stack.webUrl);
    const seenElsewhere = owner.with({ Host: `chat.example:${port}` });
    const bad = wordsOf(await seenElsewhere.get<string>('/install?lang=zh-CN'));
    expect(bad).toMatch(/http:\/\/127\.0\.0\.1:\d+ 没有应答/);
    // Node's fetch keeps the Host of the address; a browser that came by another name would see the third check speak.
    expect(bad).toContain(`http://${hostname}:${port}`);
    await stack.restartPusher();
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['user_name', { user_name: '' }, /A user name has/],
    ['user_name', { user_name: 'two words' }, /A user name has/],
    ['password', { password: 'short', password2: 'short' }, /at least 8 characters/],
    ['password2', { password2: 'correct-horse-2' }, /not the same/],
    ['business_id', { business_id: 'a b' }, /A business id has/],
    ['business_id', { business_id: 'a'.repeat(51) }, /A business id has/],
    ['name', { name: '   ' }, /give the business a name/],
    ['legacy', { legacy: '' }, /answer the last question/],
  ])('L82: a form that does not fit is asked again: %s %o', async (field, change, words) => {
    const page = await site(owner, await filledIn(change));
    expect(page.status).toBe(422);
    expect(wordsOf(page)).toMatch(words);
    if (field !== 'legacy') expect(page.body).toMatch(new RegExp(`name="${field}"[^>]*aria-invalid="true"`));
    expect(page.body).not.toContain(PASSWORD);
    expect(page.body).not.toContain('<b>Ltd');
  });

  it('L82: not from another site, and not without the form’s own token', async () => {
    expect((await site(owner, await filledIn({ csrf: 'x' }))).status).toBe(403);
    expect((await site(owner, await filledIn({ csrf: '' }))).status).toBe(403);
    const elsewhere = owner.with({ Origin: 'https://evil.example' });
    expect((await site(elsewhere, await filledIn())).status).toBe(403);
  });

  it('L82, L83: of two who finish at once one does; it is theirs from then on, and never again there', async () => {
    const visitor = httpCaller(stack.webUrl);
    const before = await visitor.form<WoliveReply>('/admin/event/notice', { business_id: 'demo', visiter_id: '' });
    const id = String(before.body.data['visiter_id']);

    const filled = await filledIn();
    const both = await Promise.all([site(owner, filled), site(owner, filled)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    const done = both.find(({ status }) => status === 200);
    expect(done && wordsOf(done)).toContain('Sign in to the agent console as owner');
    expect(done?.body).toContain('{&quot;business_id&quot;:&quot;acme&quot;}');

    for (const path of ['/install', '/install.php', `/install?code=${code}`]) {
      expect((await owner.get(path)).status).toBe(404);
    }
    expect((await site(owner, filled)).status).toBe(404);

    const agent = await signIn(stack.webUrl, 'owner', PASSWORD);
    expect(agent.me).toMatchObject({ level: 'super_manager', business: { businessId: 'acme', name: SITE.name } });
    const { password = '' } = stack.web.firstRun ?? {};
    await expect(signIn(stack.webUrl, 'admin', password)).rejects.toThrow('admin');

    expect((await visitor.get<string>('/demo')).body).toContain('{"business_id":"acme"}');
    const legacy = { business_id: 'acme', visiter_id: 'u1' };
    for (const _ of [1, 2]) {
      expect((await visitor.form<WoliveReply>('/admin/event/notice', legacy)).body.code).toBe(3);
    }
    const known = { business_id: 'acme', visiter_id: id, visitor_token: String(before.body.data['visitor_token']) };
    const again = await visitor.form<WoliveReply>('/admin/event/notice', known);
    expect(again.body.data['channel']).toBe(Buffer.from(`${id}/acme`).toString('hex'));

    await stack.restartWeb();
    expect(stack.web.installCode).toBeUndefined();
    expect((await owner.get('/install')).status).toBe(404);
  });
});

describe('an installation that nobody needs', () => {
  it('L80, L83: wrong codes are counted; the printed password works, and ends it', async () => {
    const stack = await startStack({ env: { RATE_LIMITS: 'on' } });
    try {
      const stranger = httpCaller(stack.webUrl).with({ 'Accept-Language': 'en' });
      for (let attempt = 1; attempt <= 10; attempt += 1) {
        const page = await stranger.form<string>('/install', { step: 'code', code: `wrong${attempt}` });
        expect(page.status).toBe(403);
        expect(wordsOf(page)).toContain('That is not the code');
      }
      const code = stack.web.installCode ?? '';
      expect((await stranger.form('/install', { step: 'code', code })).status).toBe(429);

      const other = await startAnother(stack);
      const { userName = '', password = '' } = stack.web.firstRun ?? {};
      expect((await signIn(stack.webUrl, userName, password)).me.level).toBe('super_manager');
      expect((await stranger.get('/install')).status).toBe(404);
      expect(await other()).toBe(false);
    } finally {
      await stack.stop();
    }
  });

  it('L83: where there were agents before the first start it is never there', async () => {
    const stack = await startStack({
      bootstrap: { businesses: [{ business_id: 'acme', agents: [{ user_name: 'anna', password: PASSWORD }] }] },
    });
    try {
      expect(stack.web.installCode).toBeUndefined();
      expect((await httpCaller(stack.webUrl).get('/install.php')).status).toBe(404);
    } finally {
      await stack.stop();
    }
  });
});

/** Whether another process on the same database would still let somebody in. */
async function startAnother({ databaseUrl }: Stack): Promise<() => Promise<boolean>> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  return async () => {
    const { rows } = await client.query(`select 1 from settings where name = 'install'`);
    await client.end();
    return rows.length > 0;
  };
}
