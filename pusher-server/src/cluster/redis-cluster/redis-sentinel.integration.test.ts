import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { choosePort } from '../../../../scripts/environment/free-port.ts';
import { findRedisServer } from '../../../../scripts/setup/system-packages.mjs';
import { redisIsMissing } from '../../../../test-support/redis-program.ts';
import { startRedis } from '../../../../test-support/redis.ts';
import { deltasIn, member, news, room, startRecorded } from '../cluster.contract.ts';
import { RedisCluster } from './redis-cluster.ts';
import { parseRedisUrl } from './redis-url.ts';

const silent = () => undefined;
/** A Sentinel needs its time to see that a server is dead and to make another one the master. */
const FAILED_OVER = { timeout: 20_000, interval: 50 };

/** A Sentinel that watches the server on this port as `main`. It keeps what it learns in its configuration. */
async function startSentinel(folder: string, port: number, watched: number): Promise<ChildProcess> {
  const file = join(folder, 'sentinel.conf');
  const lines = [
    `port ${String(port)}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor main 127.0.0.1 ${String(watched)} 1`,
    'sentinel down-after-milliseconds main 500',
    'sentinel failover-timeout main 2000',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn(findRedisServer() ?? '', [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
      if (printed.includes('+slave ')) resolve();
    });
  });
  return child;
}

describe.skipIf(redisIsMissing)('a Redis behind Sentinels', () => {
  it('K20, K25: nodes follow a fail-over, keep what they hold, and tell nobody of a change', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openkefu-sentinel-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const master = await startRedis({ words: ['--repl-diskless-sync-delay', '0'] });
    onTestFinished(() => master.kill9());
    const replica = await startRedis({ words: ['--replicaof', '127.0.0.1', String(master.port)] });
    onTestFinished(() => replica.stop());
    await expect.poll(() => replica.cli('INFO', 'replication'), FAILED_OVER).toContain('master_link_status:up');
    const port = await choosePort();
    const sentinel = await startSentinel(folder, port, master.port);
    onTestFinished(async () => {
      const ended = once(sentinel, 'exit');
      sentinel.kill();
      await ended;
    });
    const target = parseRedisUrl(`redis-sentinel://127.0.0.1:${String(port)}/0?name=main`);
    const log = { info: silent, warn: silent, error: silent };
    const start = () =>
      startRecorded(new RedisCluster({ target, prefix: 'k:', leaseMs: 2_000, webhookDelayMs: 0, log }));
    const nodes = [await start(), await start()] as const;
    onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.close()))));
    const [one, two] = nodes;
    for (const { cluster } of nodes) await cluster.listen(room);
    one.cluster.apply(news, 2);
    await member(one.cluster, 'ann', 1, 1);
    await member(two.cluster, 'bob', 1, 1);
    for (const { hears } of nodes) await hears('memberAdded bob {"name":"bob"}');

    await master.kill9();
    await expect.poll(() => nodes.some(({ cluster }) => cluster.health.up), FAILED_OVER).toBe(false);
    await member(one.cluster, 'cid', 1, 2);
    await two.hears('memberAdded cid {"name":"cid"}');
    for (const { cluster, heard } of nodes) {
      await expect.poll(() => cluster.health, FAILED_OVER).toMatchObject({ up: true, dirty: 0 });
      expect((await cluster.users(room)).toSorted()).toEqual(['ann', 'bob', 'cid']);
      expect(await cluster.summary(news)).toMatchObject({ subscriptions: 2 });
      expect(deltasIn(heard)).toEqual(['ann', 'bob', 'cid'].map((user) => `memberAdded ${user} {"name":"${user}"}`));
    }
  });
});
