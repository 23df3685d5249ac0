import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRedisLink } from '../../../../test-support/redis-link.ts';
import { redisIsMissing } from '../../../../test-support/redis-program.ts';
import { startRedis, type RedisServer } from '../../../../test-support/redis.ts';
import { severableLink, type SeverableLink } from '../../../../test-support/severable-link.ts';
import type { ChannelRef, WebhookAttempt } from '../cluster.ts';
import { SharedState } from './shared-state.ts';
import { Topics } from './topics.ts';

const silent = () => undefined;
const news: ChannelRef = { appId: 'app', name: 'cache-news', topic: 'app/cache-news' };

describe.skipIf(redisIsMissing)('what nodes share', () => {
  let redis: RedisServer;
  let prefixes = 0;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(() => redis.drop());

  /** One node behind a piece of network that can be cut, and what it heard. */
  async function openNode(prefix: string, connections: () => Readonly<Record<string, number>> = () => ({})) {
    const network: SeverableLink = await severableLink(redis.port);
    const { link, isUp } = openRedisLink(`redis://127.0.0.1:${String(network.port)}`, prefix);
    const heard: string[] = [];
    const listener = { message: silent, heard: silent, dropped: silent };
    const topics = new Topics({ link, listener, log: { info: silent, warn: silent } });
    const state = new SharedState({
      link,
      topics,
      leaseMs: 1_500,
      listener: {
        nodeMessage: (message) => heard.push(message),
        sessionTaken: (id) => heard.push(`taken ${id}`),
        limitedConnections: () => Object.entries(connections()),
        feedWanted: (appId, wanted) => heard.push(`${appId} ${wanted ? 'wanted' : 'unwanted'}`),
        feedHeard: (appId, text) => heard.push(`${appId} ${text}`),
      },
    });
    closing.push(async () => {
      await state.close();
      topics.close();
      link.close();
      await network.close();
    });
    await isUp();
    const cut = async () => {
      network.cut();
      await expect.poll(() => link.isUp).toBe(false);
    };
    const restore = async () => {
      network.restore();
      await expect.poll(() => link.isUp).toBe(true);
    };
    const hears = (text: string) => expect.poll(() => heard, { timeout: 5_000 }).toContain(text);
    return { state, link, heard, hears, cut, restore };
  }

  async function openNodes(...counts: readonly (() => Readonly<Record<string, number>>)[]) {
    prefixes += 1;
    const prefix = `s${String(prefixes)}:`;
    return [await openNode(prefix, counts[0]), await openNode(prefix, counts[1])] as const;
  }

  describe('rates', () => {
    const take = (state: SharedState, count = 1, perSecond = 20) =>
      state.takePermits('app', 'backend-events', count, perSecond);

    it('K60: two nodes together give what an app may have in a second, and no more', async () => {
      const [one, other] = await openNodes();
      const answers: boolean[] = [];
      // One after the other, alternating: both nodes take portions until nothing is left.
      for (let index = 0; index < 60; index++) answers.push(await take(index % 2 === 0 ? one.state : other.state));
      const granted = answers.filter(Boolean).length;
      expect(granted).toBeLessThanOrEqual(20);
      // What a node has taken and not used is at most one portion.
      expect(granted).toBeGreaterThanOrEqual(18);
    });

    it('K60: those who ask at once share one question, and permits come back with the next second', async () => {
      const [one, other] = await openNodes();
      const storm = await Promise.all(
        Array.from({ length: 100 }, async (_, index) => take(index % 2 === 0 ? one.state : other.state)),
      );
      expect(storm.filter(Boolean).length).toBeLessThanOrEqual(20);
      expect(storm.filter(Boolean).length).toBeGreaterThanOrEqual(18);
      await expect.poll(() => take(other.state, 5), { timeout: 3_000, interval: 100 }).toBe(true);
    });

    it('K60: what is in stock is given without asking, and a limit is never exceeded by one request', async () => {
      const [one] = await openNodes();
      expect(await take(one.state, 1, 100)).toBe(true);
      expect(take(one.state, 9, 100)).toBe(true);
      expect(take(one.state, 101, 100)).toBe(false);
    });

    it('K61: without Redis each node gives its own part', async () => {
      const [one, other] = await openNodes();
      // They have to have heard of each other.
      one.state.tellNode(other.link.nodeId, 'x');
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      await one.cut();
      const answers = Array.from({ length: 30 }, () => take(one.state));
      expect(answers.filter((answer) => answer === true)).toHaveLength(10);
      expect(await take(other.state)).toBe(true);
    });
  });

  describe('idempotency keys', () => {
    it('K62: a key stands on every node for the first request and its answer', async () => {
      const [one, other] = await openNodes();
      expect(await one.state.claimKey('app', 'k', 'x')).toEqual({ kind: 'first' });
      const waiting = other.state.claimKey('app', 'k', 'x');
      expect(await other.state.claimKey('app', 'k', 'y')).toEqual({ kind: 'other-request' });
      one.state.settleKey('app', 'k', '{"a":"b\\n"}\nmore');
      expect(await waiting).toEqual({ kind: 'answered', answer: '{"a":"b\\n"}\nmore' });
      expect(await other.state.claimKey('app', 'k', 'y')).toEqual({ kind: 'other-request' });
      // Only whose claim it is may settle or release it.
      other.state.settleKey('app', 'k', 'wrong');
      other.state.releaseKey('app', 'k');
      expect(await one.state.claimKey('app', 'k', 'x')).toMatchObject({ kind: 'answered' });
    });

    it('K62: of many who come at once to both nodes one is the first, and after a release one other', async () => {
      const [one, other] = await openNodes();
      const claims = Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one : other).state.claimKey('app', 'k', 'x').then((claim) => {
          firsts += claim.kind === 'first' ? 1 : 0;
          return claim.kind;
        }),
      );
      let firsts = 0;
      await expect.poll(() => firsts).toBe(1);
      one.state.releaseKey('app', 'k');
      other.state.releaseKey('app', 'k');
      await expect.poll(() => firsts).toBe(2);
      one.state.settleKey('app', 'k', 'done');
      other.state.settleKey('app', 'k', 'done');
      const kinds = await Promise.all(claims);
      expect(kinds.filter((kind) => kind === 'answered')).toHaveLength(18);
    });

    it('K63: what was answered without Redis is known afterwards, here and elsewhere', async () => {
      const [one, other] = await openNodes();
      await one.state.claimKey('app', 'before', 'x');
      await one.cut();
      one.state.settleKey('app', 'before', 'told late');
      expect(await one.state.claimKey('app', 'while', 'x')).toEqual({ kind: 'first' });
      one.state.settleKey('app', 'while', 'alone');
      expect(await one.state.claimKey('app', 'while', 'x')).toEqual({ kind: 'answered', answer: 'alone' });
      await one.restore();
      for (const [key, answer] of [
        ['before', 'told late'],
        ['while', 'alone'],
      ] as const) {
        await expect.poll(() => other.state.claimKey('app', key, 'x')).toEqual({ kind: 'answered', answer });
        expect(await one.state.claimKey('app', key, 'x')).toEqual({ kind: 'answered', answer });
      }
    });
  });

  describe('cached events', () => {
    it('K65: the last event is known on every node, for its time', async () => {
      const [one, other] = await openNodes();
      one.state.remember(news, { frame: 'frame\n客服', data: 'data' }, 60_000);
      await expect.poll(() => other.state.recall(news)).toMatchObject({ frame: 'frame\n客服', data: 'data' });
      const left = ((await other.state.recall(news))?.expiresAt ?? 0) - Date.now();
      expect(left).toBeGreaterThan(50_000);
      one.state.remember(news, { frame: 'short', data: '' }, 50);
      await expect.poll(() => other.state.recall(news)).toBeNull();
    });

    it('K66: without Redis a node knows its own, and tells the others on its return', async () => {
      const [one, other] = await openNodes();
      one.state.remember(news, { frame: 'old', data: '' }, 60_000);
      await expect.poll(() => other.state.recall(news)).toMatchObject({ frame: 'old' });
      await one.cut();
      expect(await one.state.recall(news)).toMatchObject({ frame: 'old' });
      one.state.remember(news, { frame: 'new', data: '' }, 60_000);
      expect(await one.state.recall(news)).toMatchObject({ frame: 'new' });
      expect(await other.state.recall(news)).toMatchObject({ frame: 'old' });
      await one.restore();
      await expect.poll(() => other.state.recall(news)).toMatchObject({ frame: 'new' });
    });
  });

  it('K67: the log of webhook attempts is one, newest first, of the last 1,000', async () => {
    const [one, other] = await openNodes();
    for (let time = 1; time <= 1_200; time++) (time % 2 === 0 ? one : other).state.logAttempt('app', attemptAt(time));
    await expect.poll(async () => (await one.state.attempts('app', 5_000)).length).toBe(1_000);
    await one.cut();
    one.state.logAttempt('app', attemptAt(1_201));
    expect((await one.state.attempts('app', 1))[0]?.time).toBe(1_201);
    other.state.logAttempt('app', attemptAt(1_202));
    await one.restore();
    const newest = async () => (await other.state.attempts('app', 3)).map(({ time }) => time);
    await expect.poll(newest).toEqual([1_202, 1_201, 1_200]);
    expect(await other.state.attempts('other', 3)).toEqual([]);
  });

  it('K64: a node knows within about a second what the others have, and forgets what a silent one had', async () => {
    let count = 3;
    const [one, other] = await openNodes(() => ({ app: count, '__proto__ app': 1 }));
    await expect.poll(() => other.state.connectionsElsewhere('app'), { timeout: 3_000 }).toBe(3);
    expect(one.state.connectionsElsewhere('app')).toBe(0);
    count = 5;
    await expect.poll(() => other.state.connectionsElsewhere('app'), { timeout: 2_000 }).toBe(5);
    expect(other.state.connectionsElsewhere('nobody')).toBe(0);
    await one.cut();
    await expect.poll(() => other.state.connectionsElsewhere('app'), { timeout: 6_000 }).toBe(0);
    await one.restore();
    await expect.poll(() => other.state.connectionsElsewhere('app'), { timeout: 3_000 }).toBe(5);
    await other.cut();
    await expect.poll(() => other.state.connectionsElsewhere('app'), { timeout: 6_000 }).toBe(0);
  });

  it('K68: a session is found by every node, until it ends or another node opens it', async () => {
    const [one, other] = await openNodes();
    await one.state.sessionOpened('key/1/abc');
    expect(await other.state.findSession('key/1/abc')).toBe(one.link.nodeId);
    expect(await other.state.findSession('key/1/other')).toBeNull();
    one.state.sessionClosed('key/1/abc');
    await expect.poll(() => other.state.findSession('key/1/abc')).toBeNull();

    await one.state.sessionOpened('key/2/abc');
    await other.state.sessionOpened('key/2/abc');
    one.state.sessionClosed('key/2/abc');
    expect(await one.state.findSession('key/2/abc')).toBe(other.link.nodeId);

    await one.state.sessionOpened('key/3/abc');
    await one.cut();
    expect(one.state.findSession('key/3/abc')).toBeNull();
    await other.state.sessionOpened('key/3/abc');
    await one.restore();
    await one.hears('taken key/3/abc');
  });

  it('K69: messages from node to node come in order', async () => {
    const [one, other] = await openNodes();
    // The first is lost unless the other one listens already.
    await expect
      .poll(() => {
        one.state.tellNode(other.link.nodeId, 'are you there');
        return other.heard.length;
      })
      .toBeGreaterThan(0);
    const texts = Array.from({ length: 200 }, (_, index) => `message ${String(index)} 客服\n`);
    for (const text of texts) one.state.tellNode(other.link.nodeId, text);
    await other.hears(texts.at(-1) ?? '');
    expect(other.heard.filter((text) => text.startsWith('message'))).toEqual(texts);
    expect(one.heard).toEqual([]);
  });

  it('K76: what happens in an app travels only to nodes where somebody listens', async () => {
    const [one, other] = await openNodes();
    other.state.listenToFeed('app', true);
    await one.hears('app wanted');
    one.state.relayFeed('app', 'a');
    one.state.relayFeed('app', 'b');
    one.state.relayFeed('elsewhere', 'c');
    await other.hears('app ab');
    other.state.listenToFeed('app', false);
    await one.hears('app unwanted');
    expect(other.heard).toEqual(['app ab']);
  });
});

function attemptAt(time: number): WebhookAttempt {
  const outcome = { kind: 'failed', error: 'no' } as const;
  return { time, url: '', deliveryId: 'id', attempt: 1, durationMs: 1, outcome, eventCount: 1, eventNames: ['e'] };
}
