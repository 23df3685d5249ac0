import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../../test-support/redis-link.ts';
import { startRedis, type RedisServer } from '../../../../test-support/redis.ts';
import { severableLink, type SeverableLink } from '../../../../test-support/severable-link.ts';
import { startRecorded } from '../cluster.contract.ts';
import { RedisCluster } from './redis-cluster.ts';
import { parseRedisUrl } from './redis-url.ts';

const leaseMs = 2_000;
let redis: RedisServer;
let way: SeverableLink;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  redis = await startRedis();
  way = await severableLink(redis.port);
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await redis.cli('FLUSHALL');
});
afterAll(async () => {
  await way.close();
  await redis.drop();
});

async function openNode(port = redis.port) {
  const silent = () => undefined;
  const cluster = new RedisCluster({
    target: parseRedisUrl(`redis://127.0.0.1:${String(port)}`),
    prefix: 'test:',
    leaseMs,
    webhookDelayMs: 0,
    log: { info: silent, warn: silent, error: silent },
  });
  const node = await startRecorded(cluster);
  closing.push(() => node.close());
  const signIn = (userId: string, connections: number) => void cluster.applyUser('app', userId, connections);
  const changes = () => node.heard.filter((line) => line.startsWith('userChanged'));
  return { ...node, signIn, changes };
}

/** Users of whom Redis’s topics are heard by some node. */
async function heardUsers(): Promise<readonly string[]> {
  const topics = (await redis.cli('PUBSUB', 'SHARDCHANNELS')).split('\n');
  return topics.filter((topic) => topic.includes('#server-to-user-')).map((topic) => topic.split('-').at(-1) ?? '');
}

describe('users over several nodes', () => {
  it('K50: who watches hears of the first connection anywhere and of the last, once each', async () => {
    const [watching, one, other] = await Promise.all([openNode(), openNode(), openNode()]);
    one.signIn('ann', 1);
    await until(async () => (await watching.cluster.watch('app', ['ann'])).has('ann'));
    const online = await watching.cluster.watch('app', ['ann', 'bob']);
    expect([online.has('ann'), online.has('bob'), online.has('eve')]).toEqual([true, false, false]);
    other.signIn('bob', 1);
    await watching.hears('userChanged app bob online');
    one.signIn('bob', 1);
    other.signIn('ann', 2);
    one.signIn('ann', 0);
    other.signIn('bob', 0);
    one.signIn('eve', 1);
    one.signIn('bob', 0);
    await watching.hears('userChanged app bob offline');
    expect([online.has('ann'), online.has('bob')]).toEqual([true, false]);
    expect(watching.changes().filter((line) => line.includes('bob'))).toEqual([
      'userChanged app bob online',
      'userChanged app bob offline',
    ]);
    expect(watching.changes().filter((line) => line.includes('eve'))).toEqual([]);
    expect(one.changes()).toEqual([]);
  });

  it('K50: what changed while the topics could not be heard is told when they can, once', async () => {
    const [watching, other] = await Promise.all([openNode(way.port), openNode()]);
    other.signIn('ann', 1);
    await watching.cluster.watch('app', ['ann', 'bob', 'cho']);
    await watching.cluster.watch('app', ['ann']);
    watching.signIn('cho', 1);
    await watching.hears('userChanged app cho online');
    way.cut();
    await until(() => !watching.cluster.health.up);
    other.signIn('ann', 0);
    other.signIn('bob', 1);
    watching.signIn('cho', 0);
    expect(watching.changes().at(-1)).toBe('userChanged app cho offline');
    way.restore();
    await watching.hears('userChanged app ann offline');
    await watching.hears('userChanged app bob online');
    const changes = watching.changes().filter((line) => !line.includes('ann online'));
    expect(changes.slice(0, 2)).toEqual(['userChanged app cho online', 'userChanged app cho offline']);
    expect(changes.slice(2).sort()).toEqual(['userChanged app ann offline', 'userChanged app bob online']);
  });

  it('K45: a Redis that comes back empty makes nobody offline who is not', async () => {
    const [watching, other] = await Promise.all([openNode(), openNode()]);
    other.signIn('ann', 1);
    other.signIn('bob', 1);
    await until(async () => (await watching.cluster.watch('app', ['ann', 'bob'])).has('bob'));
    await until(async () => (await watching.cluster.watch('app', ['ann'])).has('ann'));
    const before = watching.changes().length;
    await redis.stop();
    await until(() => !other.cluster.health.up && !watching.cluster.health.up);
    other.signIn('bob', 0);
    await redis.start();
    await watching.hears('userChanged app bob offline');
    await new Promise((resolve) => setTimeout(resolve, leaseMs + 300));
    expect(watching.changes().slice(before)).toEqual(['userChanged app bob offline']);
  });

  it('K51: a termination reaches every node where the user is signed in, and no other', async () => {
    const [one, other, third] = await Promise.all([openNode(), openNode(), openNode()]);
    one.signIn('ann', 1);
    other.signIn('ann', 1);
    third.signIn('bob', 1);
    await until(async () => (await heardUsers()).length === 2);
    await until(async () => (await redis.cli('PUBSUB', 'SHARDNUMSUB', ...(await topicsOf('ann')))).endsWith('2'));
    third.cluster.terminateUser('app', 'ann', true);
    await Promise.all([one, other].map((node) => node.hears('terminateUser ann true')));
    one.cluster.terminateUser('app', 'ann', false);
    await other.hears('terminateUser ann false');
    // The one who orders it hears it at once; whoever has nobody of that name not at all.
    expect(third.heard.filter((line) => line.startsWith('terminateUser'))).toEqual(['terminateUser ann true']);
    expect(one.heard.filter((line) => line.startsWith('terminateUser'))).toEqual([
      'terminateUser ann true',
      'terminateUser ann false',
    ]);
  });

  it('K51: an event for a user reaches the node where the user is, which hears no others', async () => {
    const [one, other] = await Promise.all([openNode(), openNode()]);
    const own = { appId: 'app', name: '#server-to-user-ann', topic: 'app/#server-to-user-ann' };
    const hearing = one.cluster.listen(own);
    if (hearing !== null) await hearing;
    other.cluster.relay({ ...own, name: '#server-to-user-bob', topic: 'app/#server-to-user-bob' }, 'for bob', null);
    other.cluster.relay(own, 'for ann', null);
    await one.hears('event #server-to-user-ann for ann');
    expect(one.heard).not.toContain('event #server-to-user-bob for bob');
  });
});

async function topicsOf(userId: string): Promise<readonly string[]> {
  const topics = (await redis.cli('PUBSUB', 'SHARDCHANNELS')).split('\n');
  return topics.filter((topic) => topic.endsWith(`#server-to-user-${userId}`));
}
