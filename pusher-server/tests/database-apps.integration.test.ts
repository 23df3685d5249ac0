import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test-support/postgres.ts';
import { startPusherServer, type PusherServerProcess } from '../../test-support/pusher-server.ts';
import { startServerProcess } from '../../test-support/server-process.ts';
import { connect } from '../../test-support/websocket-client.ts';
import { channelAuth, userAuth } from '../src/protocol/signature.ts';
import { frame, greeted, settled } from './frames.ts';
import { APP, signedUrl } from './start.ts';

/** The app of the environment, which stands beside those of the table. */
const OWN = { PUSHER_APP_ID: 'own', PUSHER_APP_KEY: 'own-key', PUSHER_APP_SECRET: 'own-secret' };

describe('apps in a database', () => {
  let database: TestDatabase;
  let db: pg.Client;
  let server: PusherServerProcess;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = new pg.Client(database.url);
    await db.connect();
    await insert(APP);
    server = await startPusherServer({
      env: { PUSHER_APP_STORE: 'database', DATABASE_URL: database.url, PUSHER_SHUTDOWN_GRACE_MS: '100', ...OWN },
    });
  });
  afterAll(async () => {
    await server.stop();
    await db.end();
    await database.drop();
  });

  const insert = ({ id, key, secret }: typeof APP) =>
    db.query('insert into apps (id, key, secret) values ($1, $2, $3)', [id, key, secret]);
  const open = (key: string) => connect(`ws://127.0.0.1:${String(server.port)}/app/${key}?protocol=7`);
  const answerTo = async (key: string) => {
    const client = await open(key);
    const { event, data } = await frame(client);
    client.close();
    return event === 'pusher:error' ? (data as { code: number }).code : event;
  };
  const post = async (secret: string, key: string) => {
    const body = JSON.stringify({ name: 'e', channel: 'news', data: 'x' });
    const url = signedUrl(server.port, 'POST', '/events', { body, secret, auth: { auth_key: key } });
    return (await fetch(url, { method: 'POST', body })).status;
  };
  const established = 'pusher:connection_established';

  it('A5: serves the rows and the environment’s own app, and knows what does not exist', async () => {
    expect(await answerTo(APP.key)).toBe(established);
    expect(await answerTo('own-key')).toBe(established);
    expect(await answerTo('none')).toBe(4001);
    expect(await post(APP.secret, APP.key)).toBe(200);
    expect(await post('wrong', APP.key)).toBe(401);
  });

  it('A5: a new row is found within 5 s, also when its key was asked for before', async () => {
    expect(await answerTo('key-late')).toBe(4001);
    await insert({ id: 'late', key: 'key-late', secret: 's' });
    await expect.poll(() => answerTo('key-late'), { timeout: 5_000 }).toBe(established);
    await insert({ id: 'later', key: 'key-later', secret: 's' });
    expect(await answerTo('key-later')).toBe(established);
  });

  it('A3, A4, A5: changes, a switch and a removal reach open connections within 5 s', async () => {
    for (const id of ['limited', 'off', 'gone']) await insert({ id, key: `key-${id}`, secret: 's' });
    const [limited, off, gone] = await Promise.all(['key-limited', 'key-off', 'key-gone'].map(open));
    if (limited === undefined || off === undefined || gone === undefined) throw new Error('three were opened');
    await Promise.all([limited, off, gone].map(greeted));
    const changedAt = performance.now();
    await db.query("update apps set max_channel_name_length = 3 where id = 'limited'");
    await db.query("update apps set enabled = false where id = 'off'");
    await db.query("delete from apps where id = 'gone'");
    expect((await off.closed).code).toBe(4003);
    expect((await gone.closed).code).toBe(4001);
    expect(performance.now() - changedAt).toBeLessThan(5_000);
    limited.send({ event: 'pusher:subscribe', data: { auth: '', channel: 'news' } });
    expect(await frame(limited)).toMatchObject({ event: 'pusher:subscription_error', data: { type: 'InvalidName' } });
    limited.close();
  });

  it('A6: the previous pair signs channels, users and requests beside the present one', async () => {
    await db.query(
      "update apps set key = 'key-new', secret = 'secret-new', previous_key = $1, previous_secret = $2 where id = $3",
      [APP.key, APP.secret, APP.id],
    );
    await expect.poll(() => post('secret-new', 'key-new'), { timeout: 5_000 }).toBe(200);
    expect(await post(APP.secret, APP.key)).toBe(200);
    expect(await post('secret-new', APP.key)).toBe(401);
    for (const credentials of [APP, { key: 'key-new', secret: 'secret-new' }]) {
      const client = await open(credentials.key);
      const id = await greeted(client);
      const auth = channelAuth(credentials, id, 'private-a');
      client.send({ event: 'pusher:subscribe', data: { auth, channel: 'private-a' } });
      expect(await frame(client)).toMatchObject({ event: 'pusher_internal:subscription_succeeded' });
      const userData = '{"id":"ann"}';
      const signIn = { auth: userAuth(credentials, id, userData), user_data: userData };
      client.send({ event: 'pusher:signin', data: signIn });
      expect(await frame(client)).toMatchObject({ event: 'pusher:signin_success' });
      client.close();
    }
    await db.query('update apps set key = $1, secret = $2, previous_key = null, previous_secret = null where id = $3', [
      APP.key,
      APP.secret,
      APP.id,
    ]);
    await expect.poll(() => post('secret-new', 'key-new'), { timeout: 5_000 }).toBe(401);
  });

  it('A1, A5: a row that is no app is logged by name and ends nobody’s connection', async () => {
    await insert({ id: 'odd', key: 'key-odd', secret: 's' });
    const client = await open('key-odd');
    await greeted(client);
    await db.query(`update apps set webhooks = '[{"url":"ftp://x.example"}]' where id = 'odd'`);
    await expect.poll(() => server.output(), { timeout: 5_000 }).toContain('app odd: webhooks.0.url: ');
    expect(await settled(client)).toEqual([]);
    client.close();
  });

  it('A5: while the database is away known apps work, and others are told to come back', async () => {
    const gone = new URL(database.url).pathname.slice(1);
    const admin = new pg.Client(database.url.replace(gone, 'postgres'));
    await admin.connect();
    await admin.query(`alter database ${gone} allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
      'openkefu-pusher-server',
    ]);
    expect(await answerTo(APP.key)).toBe(established);
    expect(await answerTo('key-nobody-asked-for')).toBe(4100);
    const response = await fetch(`http://127.0.0.1:${String(server.port)}/apps/nobody-asked-for/channels`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    await admin.query(`alter database ${gone} allow_connections true`);
    await expect.poll(() => answerTo('key-nobody-asked-for'), { timeout: 5_000 }).toBe(4001);
    await admin.end();
  });

  it('L1: a database that is not there, or has no table, is one line and exit code 1', async () => {
    const start = (url: string) =>
      startServerProcess('pusher-server/dist/main.js', {
        PUSHER_PORT: '0',
        PUSHER_METRICS_PORT: '0',
        PUSHER_APP_STORE: 'database',
        DATABASE_URL: url,
      });
    await expect(start('postgres://ann:hidden@127.0.0.1:1/x')).rejects.toThrow(
      /ended with 1 [^\n]*\nDATABASE_URL: (?![^\n]*hidden)[^\n]+\n$/,
    );
    await expect(start(database.url.replace(/[^/]+$/, 'postgres'))).rejects.toThrow(
      /ended with 1 [^\n]*\nDATABASE_URL: [^\n]*does not exist[^\n]*\n$/,
    );
  });
});
