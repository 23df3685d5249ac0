import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPusherServer, type PusherServerProcess } from '../../test-support/pusher-server.ts';
import { connect } from '../../test-support/websocket-client.ts';
import { frame, greeted, settled, subscribed } from './frames.ts';
import { APP, signedUrl } from './start.ts';

const OTHER = { id: 'app-2', key: 'key-2', secret: 'secret-2' };

describe('the apps file of a running server', () => {
  let folder: string;
  let file: string;
  let server: PusherServerProcess;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'openkefu-apps-file-'));
    file = join(folder, 'apps.json');
    writeFileSync(file, JSON.stringify([APP, OTHER]));
    server = await startPusherServer({ env: { PUSHER_APPS_FILE: file, PUSHER_SHUTDOWN_GRACE_MS: '100' } });
  });
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (key: string) => connect(`ws://127.0.0.1:${String(server.port)}/app/${key}?protocol=7`);
  const firstEvent = async (key: string) => {
    const client = await open(key);
    const { event } = await frame(client);
    client.close();
    return event;
  };
  const replace = (apps: unknown) => {
    const next = `${file}.next`;
    writeFileSync(next, typeof apps === 'string' ? apps : JSON.stringify(apps));
    renameSync(next, file);
  };
  const post = async (fields: object, secret: string = APP.secret, key: string = APP.key) => {
    const body = JSON.stringify({ name: 'e', channel: 'private-a', data: 'x', ...fields });
    const url = signedUrl(server.port, 'POST', '/events', { body, secret, auth: { auth_key: key } });
    return (await fetch(url, { method: 'POST', body })).status;
  };

  it('A2, A3: a disabled app’s connections end with 4003, a removed one’s with 4001, others’ live on', async () => {
    const third = { id: 'app-3', key: 'key-3', secret: 'secret-3' };
    writeFileSync(file, JSON.stringify([APP, OTHER, third]));
    const disabled = await open(APP.key);
    const removed = await open(OTHER.key);
    await Promise.all([greeted(disabled), greeted(removed)]);
    await expect.poll(() => firstEvent(third.key), { timeout: 5_000 }).toBe('pusher:connection_established');
    const other = await open(third.key);
    await greeted(other);

    const changedAt = performance.now();
    replace([{ ...APP, enabled: false }, third]);
    expect((await disabled.closed).code).toBe(4003);
    expect((await removed.closed).code).toBe(4001);
    expect(performance.now() - changedAt).toBeLessThan(5_000);
    expect(await frame(disabled)).toMatchObject({ event: 'pusher:error', data: { code: 4003 } });
    expect(await frame(removed)).toMatchObject({ event: 'pusher:error', data: { code: 4001 } });
    expect(await settled(other)).toEqual([]);
    expect((await (await open(APP.key)).closed).code).toBe(4003);
    expect((await (await open(OTHER.key)).closed).code).toBe(4001);
    other.close();
  });

  it('A2, A4: changed limits hold for open connections; a key that was replaced is unknown to newcomers', async () => {
    const client = await open(APP.key);
    const id = await greeted(client);
    await subscribed(client, id, 'private-a');
    replace([{ ...APP, maxChannelsPerConnection: 1, maxEventPayloadInKb: 0.1, enableClientMessages: false }, OTHER]);
    process.kill(server.pid, 'SIGHUP');
    await expect.poll(() => post({ data: 'x'.repeat(200) })).toBe(413);
    expect(await subscribed(client, id, 'private-b')).toMatchObject({ data: { type: 'LimitReached' } });
    client.send({ event: 'client-x', channel: 'private-a', data: '' });
    expect(await frame(client, 'pusher:error')).toMatchObject({ data: { code: null } });

    replace([{ ...APP, key: 'key-new' }, OTHER]);
    await expect.poll(() => firstEvent(APP.key), { timeout: 5_000 }).toBe('pusher:error');
    expect((await (await open(APP.key)).closed).code).toBe(4001);
    expect(await firstEvent('key-new')).toBe('pusher:connection_established');
    expect(await subscribed(client, id, 'news')).toMatchObject({ event: 'pusher_internal:subscription_succeeded' });
    client.close();
  });

  it('A2: a file that cannot be used changes nothing, is logged once, and its repair is taken up', async () => {
    replace('[{');
    process.kill(server.pid, 'SIGHUP');
    await expect.poll(() => server.output()).toContain('must hold JSON');
    replace([{ ...APP, maxConections: 1 }]);
    await expect.poll(() => server.output(), { timeout: 5_000 }).toContain('app app-1: unknown field maxConections');
    const client = await open(OTHER.key);
    await greeted(client);
    rmSync(file);
    await expect.poll(() => server.output(), { timeout: 5_000 }).toContain('ENOENT');
    replace([{ ...APP, enabled: false }]);
    expect((await client.closed).code).toBe(4001);
    const complaints = server
      .output()
      .split('\n')
      .filter((line) => line.includes('maxConections'));
    expect(complaints).toHaveLength(1);
    expect(server.output()).not.toContain(APP.secret);
  });

  it('A6: both pairs sign while a secret is replaced, also under one key', async () => {
    replace([{ ...APP, secret: 'fresh', previousKey: APP.key, previousSecret: APP.secret }, OTHER]);
    process.kill(server.pid, 'SIGHUP');
    await expect.poll(() => post({}, 'fresh')).toBe(200);
    expect(await post({}, APP.secret)).toBe(200);
    expect(await post({}, 'wrong')).toBe(401);
    replace([{ ...APP, key: 'key-new', secret: 'fresh', previousKey: APP.key, previousSecret: APP.secret }, OTHER]);
    process.kill(server.pid, 'SIGHUP');
    await expect.poll(() => post({}, 'fresh', 'key-new')).toBe(200);
    expect(await post({}, APP.secret)).toBe(200);
    expect(await post({}, 'fresh', APP.key)).toBe(401);
  });
});
