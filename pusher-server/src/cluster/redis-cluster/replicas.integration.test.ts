import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../../test-support/redis-link.ts';
import { startRedis, type RedisServer } from '../../../../test-support/redis.ts';
import { severableLink, type SeverableLink } from '../../../../test-support/severable-link.ts';
import { channel, deltasIn, startRecorded, type ClusterUnderTest } from '../cluster.contract.ts';
import { RedisCluster } from './redis-cluster.ts';
import { parseRedisUrl } from './redis-url.ts';

const room = channel('presence-room');
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

/** A node with sockets of users on the room, each one socket. */
async function openNode(port = redis.port) {
  const silent = () => undefined;
  const node: ClusterUnderTest = await startRecorded(
    new RedisCluster({
      target: parseRedisUrl(`redis://127.0.0.1:${String(port)}`),
      prefix: 'test:',
      leaseMs,
      webhookDelayMs: 0,
      log: { info: silent, warn: silent, error: silent },
    }),
  );
  closing.push(() => node.close());
  const users = new Set<string>();
  const apply = (userId: string, sockets: number) => {
    const contribution = { userId, userInfo: null, sockets, channelSockets: users.size, maxMembers: 1_000 };
    return node.cluster.applyMember(room, contribution);
  };
  const join = async (userId: string) => {
    users.add(userId);
    const hearing = node.cluster.listen(room);
    if (hearing !== null) await hearing;
    const answer = await apply(userId, 1);
    return answer.kind === 'applied' ? [...answer.roster.members.keys()].sort() : null;
  };
  const part = (userId: string) => {
    users.delete(userId);
    return apply(userId, 0);
  };
  /** What was told of members since the last call. */
  let seen = 0;
  const deltas = () => {
    const told = deltasIn(node.heard).map((line) => line.replace('memberAdded ', '+').replace('memberRemoved ', '-'));
    const news = told.slice(seen).map((line) => line.trim());
    seen = told.length;
    return news;
  };
  /** The list that a client would get. */
  const list = () => {
    const members = new Set<string>();
    for (const line of deltasIn(node.heard)) {
      const [verb, userId = ''] = line.split(' ');
      if (verb === 'memberAdded') members.add(userId);
      else members.delete(userId);
    }
    return [...members].sort();
  };
  return { ...node, join, part, deltas, list };
}

describe('the members of a channel over several nodes', () => {
  it('K44, K47: a storm of joins and leaves: everybody is in its own list, each is told once, and all lists agree', async () => {
    const nodes = await Promise.all([openNode(), openNode(), openNode()]);
    const rounds = nodes.map(async (node, home) => {
      for (let turn = 0; turn < 60; turn++) {
        const userId = `user-${String(home)}-${String(turn)}`;
        const joining = node.join(userId);
        if (turn % 2 === 0) expect(await joining).toContain(userId);
        if (turn % 3 === 0) void node.part(userId);
      }
    });
    await Promise.all(rounds);
    const expected = [0, 1, 2].flatMap((home) =>
      Array.from({ length: 60 }, (_, turn) => turn)
        .filter((turn) => turn % 3 !== 0)
        .map((turn) => `user-${String(home)}-${String(turn)}`),
    );
    await until(() => nodes.every((node) => node.list().length === expected.length));
    for (const node of nodes) {
      expect(node.list()).toEqual(expected.sort());
      const added = node.deltas().filter((line) => line.startsWith('+'));
      expect(new Set(added).size).toBe(added.length);
    }
  });

  it('K46: without Redis joins and leaves go on, and afterwards everybody hears only the difference', async () => {
    const [far, near] = await Promise.all([openNode(way.port), openNode()]);
    await far.join('ann');
    await near.join('bob');
    await far.hears('memberAdded bob ');
    for (const node of [far, near]) node.deltas();
    way.cut();
    await until(() => !far.cluster.health.up);
    expect(await far.join('cho')).toEqual(['ann', 'bob', 'cho']);
    await far.part('ann');
    await near.join('dan');
    await near.part('bob');
    expect(far.deltas()).toEqual(['+cho', '-ann']);
    way.restore();
    await near.hears('memberRemoved ann');
    await near.hears('memberAdded cho ');
    await far.hears('memberAdded dan ');
    await far.hears('memberRemoved bob');
    expect(near.deltas().sort()).toEqual(['+cho', '+dan', '-ann', '-bob']);
    expect(far.deltas().sort()).toEqual(['+dan', '-bob']);
    await far.join('eve');
    await near.hears('memberAdded eve ');
    expect([far.list(), near.list()]).toEqual([
      ['cho', 'dan', 'eve'],
      ['cho', 'dan', 'eve'],
    ]);
  });

  it('K45: a Redis that comes back empty takes nobody off a list who is there', async () => {
    const [one, other] = await Promise.all([openNode(), openNode()]);
    await one.join('ann');
    await other.join('bob');
    await one.hears('memberAdded bob ');
    for (const node of [one, other]) node.deltas();
    await redis.stop();
    await until(() => !one.cluster.health.up && !other.cluster.health.up);
    await one.join('cho');
    await redis.start();
    await other.hears('memberAdded cho ');
    await one.join('dan');
    await other.hears('memberAdded dan ');
    await other.part('bob');
    await one.hears('memberRemoved bob');
    await new Promise((resolve) => setTimeout(resolve, leaseMs + 300));
    expect([one.deltas(), other.deltas()]).toEqual([
      ['+cho', '+dan', '-bob'],
      ['+cho', '+dan', '-bob'],
    ]);
    expect([...(await one.cluster.users(room))].sort()).toEqual(['ann', 'cho', 'dan']);
  });

  it('K45: whoever was lost together with Redis’s past goes from the lists when it has settled', async () => {
    const [far, near] = await Promise.all([openNode(way.port), openNode()]);
    await far.join('ann');
    await near.join('bob');
    await near.hears('memberAdded ann ');
    near.deltas();
    way.cut();
    await redis.stop();
    await redis.start();
    await until(() => near.cluster.health.up);
    await near.join('cho');
    expect(near.deltas()).toEqual(['+cho']);
    await near.hears('memberRemoved ann');
    expect(near.list()).toEqual(['bob', 'cho']);
    way.restore();
    await near.hears('memberAdded ann ');
    await until(() => far.list().length === 3);
  });

  it('K44: what was missed while the topics could not be heard is told as a difference', async () => {
    const [one, other] = await Promise.all([openNode(), openNode()]);
    await one.join('ann');
    await other.join('bob');
    await one.hears('memberAdded bob ');
    one.deltas();
    const gaps = one.cluster.health.gaps;
    const parted = other.part('bob');
    await redis.cli('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await Promise.all([parted, other.join('cho'), other.join('dan')]);
    await until(() => one.cluster.health.gaps > gaps && one.list().join() === 'ann,cho,dan');
    expect(one.deltas().sort()).toEqual(['+cho', '+dan', '-bob']);
  });

  it('K47: a join is answered within its time when Redis does not answer', async () => {
    const one = await openNode();
    await one.join('ann');
    await redis.pause(2_600);
    const begun = performance.now();
    expect(await one.join('bob')).toEqual(['ann', 'bob']);
    expect(performance.now() - begun).toBeLessThan(2_500);
    await until(async () => (await one.cluster.users(room)).length === 2);
    expect(one.deltas()).toEqual(['+ann', '+bob']);
  });
});
