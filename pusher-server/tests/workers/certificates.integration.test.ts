import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { connect, type QueueingSocket } from '../../../test-support/websocket-client.ts';
import { makeCertificate, type Certificate } from '../certificate.ts';
import { frame, greeted, subscribed } from '../frames.ts';
import { Crew } from './crew.ts';

/** So many that each of two workers has some of them. */
const MANY = 16;

describe.skipIf(redisIsMissing)('TLS with workers', () => {
  let folder: string;
  let crew: Crew;
  let first: Certificate;
  const inUse = () => ({
    PUSHER_TLS_CERT_FILE: join(folder, 'server.crt'),
    PUSHER_TLS_KEY_FILE: join(folder, 'server.key'),
  });
  const use = ({ cert, key }: Certificate) => {
    cpSync(cert, inUse().PUSHER_TLS_CERT_FILE);
    cpSync(key, inUse().PUSHER_TLS_KEY_FILE);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'openkefu-tls-'));
    first = makeCertificate(folder, 'first');
    use(first);
    crew = await Crew.open({ env: inUse() });
  });
  afterEach(async () => {
    expect(await crew.close()).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });

  const enter = async ({ ca }: Certificate): Promise<QueueingSocket> => {
    const client = await connect(`wss://127.0.0.1:${String(crew.port)}/app/${crew.parent.app.key}?protocol=7`, { ca });
    await subscribed(client, await greeted(client), 'private-a');
    return client;
  };
  const enterAll = (certificate: Certificate) => Promise.all(Array.from({ length: MANY }, () => enter(certificate)));

  it('K86: a replaced certificate is taken up by all workers, and everybody hears everybody', async () => {
    const early = await enterAll(first);
    const second = makeCertificate(folder, 'second');
    use(second);
    process.kill(crew.parent.pid, 'SIGHUP');
    await expect.poll(() => enterAll(second).then((clients) => clients.length, String), { timeout: 5_000 }).toBe(MANY);
    const late = await enterAll(second);
    await expect(enter(first)).rejects.toThrow();
    const connections = await crew.metric('new_connections_total');
    expect(Object.values(connections).every((count) => count > 0)).toBe(true);

    early[0]?.send({ event: 'client-hello', channel: 'private-a', data: '1' });
    const heard = await Promise.all([...early.slice(1), ...late].map((client) => frame(client, 'client-hello')));
    expect(heard).toHaveLength(2 * MANY - 1);
  });
});
