import { startRedis, type RedisServer } from './redis.ts';

/** Three real masters that share the slots of one Redis Cluster. */
export interface RedisMasters {
  /** As `REDIS_URL` takes it. */
  readonly url: string;
  readonly masters: readonly RedisServer[];
  drop(): Promise<void>;
}

const slotRanges = [
  [0, 5460],
  [5461, 10922],
  [10923, 16383],
] as const;

/** Starts three masters without replicas and puts them together; resolves when each of them says that it is so. */
export async function startRedisMasters(): Promise<RedisMasters> {
  const masters = await Promise.all(slotRanges.map(() => startRedis({ cluster: true })));
  const drop = async () => {
    await Promise.all(masters.map((master) => master.drop()));
  };
  try {
    await join(masters);
  } catch (error) {
    await drop();
    throw error;
  }
  return { url: `redis-cluster://${masters.map(({ port }) => `127.0.0.1:${String(port)}`).join()}`, masters, drop };
}

async function join(masters: readonly RedisServer[]): Promise<void> {
  for (const [index, [first, last]] of slotRanges.entries()) {
    await masters[index]?.cli('CLUSTER', 'ADDSLOTSRANGE', String(first), String(last));
    // Else two of them may begin with the same epoch, and quarrel about it.
    await masters[index]?.cli('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
  }
  // All pairs, since it takes gossip seconds to introduce two who have only met a third.
  for (const master of masters) {
    const busPort = (await master.cli('CONFIG', 'GET', 'cluster-port')).split('\n')[1] ?? '';
    for (const other of masters) {
      if (other !== master) await other.cli('CLUSTER', 'MEET', '127.0.0.1', String(master.port), busPort);
    }
  }
  await Promise.all(masters.map(knowsAll));
}

async function knowsAll(master: RedisServer): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const info = await master.cli('CLUSTER', 'INFO');
    if (info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3')) return;
    if (Date.now() > deadline) throw new Error(`the Redis Cluster did not come together:\n${info}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
