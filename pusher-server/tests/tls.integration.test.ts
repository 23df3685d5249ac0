import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPusherServer, type PusherServerProcess } from '../../test-support/pusher-server.ts';
import { connect } from '../../test-support/websocket-client.ts';
import { makeCertificate, type Certificate } from './certificate.ts';
import { frame, greeted, settled, subscribed } from './frames.ts';

describe('TLS', () => {
  let folder: string;
  let certFile: string;
  let keyFile: string;
  let server: PusherServerProcess;

  const make = (name: string) => makeCertificate(folder, name);
  const use = ({ cert, key }: Certificate) => {
    cpSync(cert, certFile);
    cpSync(key, keyFile);
  };
  const open = (ca: string) =>
    connect(`wss://127.0.0.1:${String(server.port)}/app/${server.app.key}?protocol=7`, { ca });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'openkefu-tls-'));
    [certFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
    use(make('first'));
    server = await startPusherServer({
      apps: [{ id: 'app-1', key: 'key-1', secret: 'secret-1', tlsOnly: true }],
      env: { PUSHER_TLS_CERT_FILE: certFile, PUSHER_TLS_KEY_FILE: keyFile, PUSHER_SHUTDOWN_GRACE_MS: '200' },
    });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('L22: a replaced certificate is taken up on SIGHUP, and everybody hears everybody', async () => {
    const first = readFileSync(certFile, 'utf8');
    expect(server.url).toMatch(/^https:/);
    const early = await open(first);
    await subscribed(early, await greeted(early), 'private-a');

    const second = make('second');
    use(second);
    process.kill(server.pid, 'SIGHUP');
    await expect.poll(() => open(second.ca).then((client) => client.close(), String)).toBeUndefined();
    await expect(open(first)).rejects.toThrow();
    const late = await open(second.ca);
    const lateId = await greeted(late);
    await subscribed(late, lateId, 'private-a');

    early.send({ event: 'client-from-early', channel: 'private-a', data: '1' });
    expect(await frame(late)).toMatchObject({ event: 'client-from-early' });
    late.send({ event: 'client-from-late', channel: 'private-a', data: '2' });
    expect(await frame(early)).toMatchObject({ event: 'client-from-late' });
    expect([await settled(early), await settled(late)]).toEqual([[], []]);
    early.close();
    await early.closed;
    const third = await open(second.ca);
    await subscribed(third, await greeted(third), 'private-a');
    late.send({ event: 'client-again', channel: 'private-a', data: '3' });
    expect(await frame(third)).toMatchObject({ event: 'client-again' });
    expect(await settled(late)).toEqual([]);
    late.close();
    third.close();
  });

  it('L22: a certificate that cannot be used changes nothing and is logged', async () => {
    const trusted = readFileSync(certFile, 'utf8');
    writeFileSync(keyFile, 'no key');
    process.kill(server.pid, 'SIGHUP');
    await expect.poll(() => server.output()).toContain('the certificate cannot be used');
    const client = await open(trusted);
    await greeted(client);
    client.close();
  });

  it('L1: a port that a server with TLS has is taken, and a pair that does not belong together is one line', async () => {
    const other = make('other');
    const env = { PUSHER_TLS_CERT_FILE: other.cert, PUSHER_TLS_KEY_FILE: other.key };
    await expect(startPusherServer({ env: { ...env, PUSHER_PORT: String(server.port) } })).rejects.toThrow(
      /ended with 1 [^\n]*\n[^\n]*taken[^\n]*\n$/,
    );
    const { cert } = make('another');
    await expect(startPusherServer({ env: { ...env, PUSHER_TLS_CERT_FILE: cert } })).rejects.toThrow(
      /ended with 1 [^\n]*\nPUSHER_TLS_CERT_FILE[^\n]*\n$/,
    );
  });

  it('C6: an app that takes TLS only counts X-Forwarded-Proto under TRUST_PROXY alone', async () => {
    const apps = [{ id: 'app-1', key: 'key-1', secret: 'secret-1', tlsOnly: true }];
    const headers = { 'X-Forwarded-Proto': 'https' };
    for (const [trust, event] of [
      ['', 'pusher:error'],
      ['1', 'pusher:connection_established'],
    ] as const) {
      const plain = await startPusherServer({ apps, env: { TRUST_PROXY: trust, PUSHER_SHUTDOWN_GRACE_MS: '100' } });
      const url = `ws://127.0.0.1:${String(plain.port)}/app/key-1?protocol=7`;
      expect(await frame(await connect(url, { headers }))).toMatchObject({ event });
      expect((await (await connect(url)).closed).code).toBe(4000);
      await plain.stop();
    }
  });
});
