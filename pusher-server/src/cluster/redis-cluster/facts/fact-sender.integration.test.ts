import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRedis, type RedisServer } from '../../../../../test-support/redis.ts';
import { redisIsMissing } from '../../../../../test-support/redis-program.ts';
import type { Delivery, Fact, FactReceipt } from '../../cluster.ts';
import { factLine } from '../../../../tests/cluster/bucket-under-test.ts';
import { BucketScripts } from '../bucket-scripts.ts';
import { bucketOf } from '../keys.ts';
import { RedisConnections } from '../redis-link.ts';
import { parseRedisUrl } from '../redis-url.ts';
import { Topics } from '../topics.ts';
import { FactSender } from './fact-sender.ts';

const log = { info: () => undefined, warn: () => undefined };
const LEASE_MS = 1_000;

/** Resolves when the condition holds; whatever happens on a node looks again. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5);
}

/** A node that sends facts and does nothing else; what it is given stays open until the test settles it. */
async function startNode(redis: RedisServer) {
  const link = new RedisConnections({ target: parseRedisUrl(redis.url), prefix: 'test:', log });
  const listener = { message: () => undefined, heard: () => undefined, dropped: () => undefined };
  const topics = new Topics({ link, log, listener });
  const given: { readonly line: string; readonly receipt: FactReceipt }[] = [];
  const repeated: { readonly delivery: Delivery; readonly receipt: FactReceipt }[] = [];
  const sender = new FactSender({
    link,
    topics,
    leaseMs: LEASE_MS,
    log,
    listener: {
      fact: (fact: Fact, receipt: FactReceipt) => given.push({ line: factLine(fact).join(), receipt }),
      redeliver: (delivery: Delivery, receipt: FactReceipt) => repeated.push({ delivery, receipt }),
      wants: (_appId, kind) => kind !== 'cache_miss',
    },
  });
  if (!link.isUp) await new Promise<void>((resolve) => link.on('up', resolve));
  await sender.load();
  return {
    link,
    sender,
    given,
    repeated,
    lines: () => given.map(({ line }) => line),
    scripts: new BucketScripts(link),
    /** As if the process were killed. */
    vanish: () => {
      void sender.ranksChanged(-1, 1);
      link.close();
    },
    close: async () => {
      await sender.drain();
      await sender.close();
      link.close();
    },
  };
}

type Node = Awaited<ReturnType<typeof startNode>>;

function clientEvent(channel: string, event: string): Fact {
  return { kind: 'client_event', appId: 'app', channel, event, data: null, socketId: '1.1', userId: null };
}

function delivery(id: string): Delivery {
  const headers = { 'X-Delivery-Id': id };
  return {
    id,
    appId: 'app',
    destination: 'hook',
    url: 'http://x/',
    eventCount: 2,
    eventNames: ['e'],
    headers,
    body: id,
  };
}

/** Enters the bucket of a channel, which so has a past that it may lose. */
async function enter(node: Node, channel: string) {
  const names = { newGeneration: 'g', newEpoch: 'e', knownEpoch: null, settlingMs: 0 };
  return node.scripts.enter(bucketOf('app', channel), { node: node.link.nodeId, ...names });
}

/** Channels of different buckets that the `rank`th of two nodes sends. */
const names = Array.from({ length: 2_000 }, (_, i) => `ch-${String(i)}`);
const ofRank = (rank: number) => names.filter((name) => bucketOf('app', name) % 2 === rank);

describe.skipIf(redisIsMissing)('the facts of many nodes', () => {
  let redis: RedisServer;
  const nodes: Node[] = [];
  const start = async () => {
    const node = await startNode(redis);
    nodes.push(node);
    return node;
  };
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const node of nodes.splice(0)) node.vanish();
    await redis.drop();
  });
  const streamLength = async (node: Node, channel: string) =>
    node.link.commands.xlen(node.link.keys.facts(bucketOf('app', channel)));

  it('K12: a fact reaches the sender of its bucket at once, from any node, and goes when it is settled', async () => {
    const [one, two] = [await start(), await start()];
    one.sender.ranksChanged(0, 2);
    two.sender.ranksChanged(1, 2);
    const [even, odd] = [ofRank(0)[0] ?? '', ofRank(1)[0] ?? ''];
    for (const node of [one, two]) {
      node.sender.tell(clientEvent(even, 'a'));
      node.sender.tell(clientEvent(odd, 'a'));
      node.sender.tell({ kind: 'cache_miss', appId: 'app', channel: even });
    }
    await until(() => one.given.length === 2 && two.given.length === 2);
    expect(one.lines()).toEqual(Array(2).fill(`client_event ${even} null`));
    expect(two.lines()).toEqual(Array(2).fill(`client_event ${odd} null`));
    for (const { receipt } of [...one.given, ...two.given]) receipt.settled();
    while ((await streamLength(one, even)) + (await streamLength(one, odd)) > 0) await pause(5);
  });

  it('K12: a fact wakes its sender, who does not wait for the next look', async () => {
    const one = await start();
    one.sender.ranksChanged(0, 1);
    const delays: number[] = [];
    for (let i = 1; i <= 20; i += 1) {
      const begun = performance.now();
      one.sender.tell(clientEvent('news', 'a'));
      await until(() => one.given.length === i);
      delays.push(performance.now() - begun);
    }
    expect(delays.sort((a, b) => a - b)[10]).toBeLessThan(120);
  });

  it('K13: a bucket changes hands only after what was begun is settled, and then at once', async () => {
    const [one, two] = [await start(), await start()];
    one.sender.ranksChanged(0, 1);
    const [odd] = ofRank(1);
    one.sender.tell(clientEvent(odd ?? '', 'first'));
    await until(() => one.given.length === 1);
    one.sender.ranksChanged(0, 2);
    two.sender.ranksChanged(1, 2);
    one.sender.tell(clientEvent(odd ?? '', 'second'));
    await pause(2 * LEASE_MS);
    expect([one.given.length, two.given.length]).toEqual([1, 0]);
    one.given[0]?.receipt.settled();
    await until(() => two.given.length === 1);
    expect(one.given).toHaveLength(1);
  });

  it('K14: after a sender’s death the next one repeats its deliveries as they are, and sends the rest', async () => {
    const [one, two] = [await start(), await start()];
    one.sender.ranksChanged(0, 1);
    const channels = names.slice(0, 3);
    for (const channel of channels) one.sender.tell(clientEvent(channel, 'a'));
    await until(() => one.given.length === 3);
    const [first, second, third] = channels.map((channel) =>
      one.given.find(({ line }) => line.includes(`${channel} `)),
    );
    if (first === undefined || second === undefined || third === undefined) throw new Error('facts are missing');
    // One delivery over two buckets has not ended, another one has.
    expect(await one.sender.keepDelivery(delivery('open'), [first.receipt, second.receipt])).toBe(true);
    expect(await one.sender.keepDelivery({ ...delivery('done'), destination: 'other' }, [third.receipt])).toBe(true);
    one.sender.endDelivery(delivery('done'));
    const home = one.link.keys.deliveries(bucketOf('app', channels[2] ?? ''));
    while ((await two.link.commands.hlen(home)) > 0) await pause(5);
    one.vanish();
    two.sender.ranksChanged(0, 1);
    await until(() => two.repeated.length === 1 && two.given.length === 3);
    expect(two.repeated[0]?.delivery).toEqual(delivery('open'));
    for (const { line, receipt } of two.given) {
      const isThird = line.includes(`${channels[2] ?? ''} `);
      expect([receipt.isSentTo('hook'), receipt.isSentTo('other')]).toEqual([!isThird, isThird]);
    }
    two.sender.endDelivery(delivery('open'));
    two.repeated[0]?.receipt.settled();
    for (const { receipt } of two.given) receipt.settled();
    const { link } = two;
    const left = async () =>
      (await link.commands.keys('test:*')).filter((key) => /:(marks|deliveries)$/.test(key)).length;
    while ((await left()) > 0) await pause(5);
  });

  it('K15: who has lost a bucket to another sends nothing more of it', async () => {
    const one = await start();
    one.sender.ranksChanged(0, 1);
    one.sender.tell(clientEvent('news', 'a'));
    await until(() => one.given.length === 1);
    const key = one.link.keys.send(bucketOf('app', 'news'));
    await one.link.commands.hset(key, { node: 'somebody', fence: 'else', until: '99999999999999' });
    const receipts = one.given.map(({ receipt }) => receipt);
    expect(await one.sender.keepDelivery(delivery('late'), receipts)).toBe(false);
    expect(receipts[0]?.isHeld()).toBe(false);
    receipts[0]?.settled();
    expect(await streamLength(one, 'news')).toBe(1);
  });

  it('K16: while Redis is away facts wait, and what a bucket had given out is sent though Redis lost it', async () => {
    const one = await start();
    await enter(one, 'news');
    one.sender.ranksChanged(0, 1);
    one.sender.tell(clientEvent('news', 'before'));
    await until(() => one.given.length === 1);
    await redis.kill9();
    await until(() => !one.link.isUp);
    one.sender.tell(clientEvent('news', 'meanwhile'));
    const kept = one.sender.keepDelivery(
      delivery('waits'),
      one.given.map(({ receipt }) => receipt),
    );
    await redis.start();
    expect(await kept).toBe(true);
    await until(() => one.given.length === 2);
    expect(one.sender.lostFacts).toBe(0);
  });

  it('K17: what is due is told by the bucket’s sender, whoever saw the leaving', async () => {
    const [one, two] = [await start(), await start()];
    two.sender.ranksChanged(0, 1);
    const b = bucketOf('app', 'news');
    const entered = await enter(one, 'news');
    const share = { appId: 'app', name: 'news', was: false, counts: false, countsFact: false };
    const telling = { tracksChannel: true, tracksMembers: true, delayMs: 100 };
    const caller = { node: one.link.nodeId, generation: entered.generation, epoch: entered.epoch };
    await one.scripts.applyChannel(b, { ...caller, number: 1 }, { ...share, sockets: 1 }, telling);
    await one.scripts.applyChannel(b, { ...caller, number: 2 }, { ...share, sockets: 0 }, telling);
    one.vanish();
    await until(() => two.given.length === 2);
    expect(two.lines()).toEqual(['channel_occupied news', 'channel_vacated news']);
  });

  it('K13: a drain hands out what is there, a close leaves what is open to the next', async () => {
    const [one, two] = [await start(), await start()];
    one.sender.ranksChanged(0, 1);
    one.sender.tell(clientEvent('news', 'a'));
    await one.sender.drain();
    expect(one.given).toHaveLength(1);
    await one.close();
    const begun = performance.now();
    two.sender.ranksChanged(0, 1);
    await until(() => two.given.length === 1);
    // The lease was given back: nobody waits for its end.
    expect(performance.now() - begun).toBeLessThan(LEASE_MS);
  });
});
