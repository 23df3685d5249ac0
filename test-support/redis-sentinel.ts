import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePort } from '../scripts/environment/free-port.ts';
import { findRedisServer } from '../scripts/setup/system-packages.mjs';
import { startRedis, type RedisServer } from './redis.ts';

/** A master with one replica, and a Sentinel that makes the replica the master when it falls. */
export interface WatchedRedis {
  /** As `REDIS_URL` takes it. */
  readonly url: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  drop(): Promise<void>;
}

const watchedName = 'mymaster';
const settings = (port: number, masterPort: number) => `port ${String(port)}
bind 127.0.0.1
sentinel monitor ${watchedName} 127.0.0.1 ${String(masterPort)} 1
sentinel down-after-milliseconds ${watchedName} 1000
sentinel failover-timeout ${watchedName} 5000
`;

/** Starts the three; resolves when the replica has what the master has and Sentinel knows both. */
export async function startWatchedRedis(): Promise<WatchedRedis> {
  const master = await startRedis();
  const replica = await startRedis({ words: ['--replicaof', '127.0.0.1', String(master.port)] });
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-sentinel-'));
  const port = await choosePort();
  writeFileSync(join(folder, 'sentinel.conf'), settings(port, master.port));
  const sentinel = spawn(findRedisServer() ?? '', [join(folder, 'sentinel.conf'), '--sentinel'], { stdio: 'ignore' });
  const drop = async () => {
    const ended = once(sentinel, 'exit');
    sentinel.kill('SIGKILL');
    await ended;
    await Promise.all([master.drop(), replica.drop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(async () => (await replica.cli('INFO', 'replication')).includes('master_link_status:up'));
    await until(async () => (await master.cli('-p', String(port), 'SENTINEL', 'REPLICAS', watchedName)) !== '');
  } catch (error) {
    await drop();
    throw error;
  }
  return { url: `redis-sentinel://127.0.0.1:${String(port)}/0?name=${watchedName}`, master, replica, drop };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) throw new Error('Sentinel, its master and its replica did not find each other');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
