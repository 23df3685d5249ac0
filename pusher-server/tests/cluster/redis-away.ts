import { expect } from 'vitest';
import type { RedisServer } from '../../../test-support/redis.ts';
import { APP } from '../start.ts';
import type { Guest } from './guest.ts';
import { readLedger } from './ledger.ts';
import { usersOn, webhooksSettled } from './life/life.ts';
import { LEASE_MS, type Nodes } from './nodes.ts';
import { present, ROOM } from './presence-view.ts';
import { startTicker } from './ticker.ts';
import { poll } from './poll.ts';

/** From Redis's return until everything is as if it had never been away. */
const HEALED_WITHIN_MS = LEASE_MS + 5_000;

/** Resolves when no node reaches Redis. */
export async function isAway(nodes: Nodes): Promise<void> {
  for (let node = 0; node < nodes.count; node += 1) {
    await poll(() => nodes.metric(node, 'cluster_up'), { timeout: 5_000, interval: 20 }).toBe(0);
  }
}

/**
 * Two nodes live through `awayMs` without Redis, which comes back as it does (`redis` under appendonly with its data,
 * else empty): local delivery goes on all the time, people come and go on both, and afterwards both nodes agree, and
 * webhooks were told of what really changed and of nothing else.
 */
export async function liveWithoutRedis(nodes: Nodes, redis: RedisServer, awayMs: number): Promise<void> {
  const [ann, leaver] = [await present(nodes, 0, 'ann'), await present(nodes, 0, 'leaver')];
  const bob = await present(nodes, 1, 'bob');
  const [listener, vacating] = [await nodes.guest(0), await nodes.guest(0)];
  await listener.join('news');
  await vacating.join('vacated-meanwhile');
  const there = await nodes.guest(1);
  await there.join('news-there');
  for (const user of ['ann', 'leaver', 'bob']) await nodes.receiver.hears(`member_added ${ROOM} ${user}`);
  for (const channel of ['news', 'news-there', 'vacated-meanwhile']) {
    await nodes.receiver.hears(`channel_occupied ${channel}`);
  }
  for (const { view } of [ann, bob]) await poll(() => view.members).toBe('ann,bob,leaver');

  const tickers = [startTicker(nodes, 0, listener, 'news'), startTicker(nodes, 1, there, 'news-there')];
  await redis.kill9();
  await isAway(nodes);
  const fell = Date.now();
  const cid = await present(nodes, 0, 'cid');
  const dan = await present(nodes, 1, 'dan');
  await (await nodes.guest(1)).join('occupied-meanwhile');
  expect(cid.view.members).toBe('ann,bob,cid,leaver');
  await leaver.guest.goes();
  await vacating.goes();
  await poll(() => ann.view.members).toBe('ann,bob,cid');
  const passing = await present(nodes, 1, 'passing');
  await poll(() => bob.view.members).toBe('ann,bob,dan,leaver,passing');
  await passing.guest.goes();
  await somethingEvery(100, () => Date.now() - fell >= awayMs);
  await redis.start();

  const healed = { timeout: HEALED_WITHIN_MS, interval: 20 };
  const all = ['ann', 'bob', 'cid', 'dan'];
  for (const { view } of [ann, bob, cid, dan]) {
    await poll(() => view.members, healed).toBe(all.join());
  }
  for (const ticker of tickers) await ticker.stop();
  for (const ticker of tickers) expect(ticker.triggered).toBeGreaterThan(awayMs / 200);
  for (const node of [0, 1]) {
    await poll(() => usersOn(nodes, node, ROOM), healed).toEqual(all);
    expect(await nodes.metric(node, 'cluster_up')).toBe(1);
  }
  await poll(() => readLedger(redis, APP.id), healed).toEqual({
    subscriptions: { [ROOM]: 4, news: 1, 'news-there': 1, 'occupied-meanwhile': 1 },
    members: { [ROOM]: all },
    faults: [],
  });
  await hearsBoth(nodes, ann.guest, bob.guest);
  await toldOfWhatChanged(nodes);
  expect([ann, bob, cid, dan].flatMap(({ view }) => view.faults)).toEqual([]);
}

/** Events cross again, both ways. */
async function hearsBoth(nodes: Nodes, ...guests: readonly Guest[]): Promise<void> {
  for (const from of [0, 1]) {
    await nodes.trigger(from, ROOM, `from ${String(from)}`);
    for (const guest of guests) await guest.hearsUntil(ROOM, `e from ${String(from)}`);
  }
}

async function toldOfWhatChanged(nodes: Nodes): Promise<void> {
  await Promise.all([
    nodes.receiver.hears(`member_added ${ROOM} cid`),
    nodes.receiver.hears(`member_added ${ROOM} dan`),
    nodes.receiver.hears(`member_removed ${ROOM} leaver`),
    nodes.receiver.hears('channel_vacated vacated-meanwhile'),
    nodes.receiver.hears('channel_occupied occupied-meanwhile'),
  ]);
  for (const channel of [ROOM, 'news', 'news-there', 'vacated-meanwhile', 'occupied-meanwhile']) {
    await webhooksSettled(nodes, channel, 0);
  }
  // Somebody who came and went meanwhile was never there, or both is told.
  const told = nodes.receiver.of(ROOM).filter((line) => !line.endsWith(' passing'));
  expect(told.toSorted()).toEqual(
    [
      'channel_occupied',
      ...['ann', 'leaver', 'bob', 'cid', 'dan'].map((user) => `member_added ${user}`),
      'member_removed leaver',
    ].toSorted(),
  );
  expect(nodes.receiver.of('news')).toEqual(['channel_occupied']);
  expect(nodes.receiver.of('news-there')).toEqual(['channel_occupied']);
  expect(nodes.receiver.of('vacated-meanwhile')).toEqual(['channel_occupied', 'channel_vacated']);
  expect(nodes.receiver.of('occupied-meanwhile')).toEqual(['channel_occupied']);
  expect(nodes.receiver.repetitions.map(({ body }) => body)).toEqual([]);
}

/** The time itself is what is tested here: Redis is away for so long. */
async function somethingEvery(ms: number, isOver: () => boolean): Promise<void> {
  while (!isOver()) await new Promise((resolve) => setTimeout(resolve, ms));
}
