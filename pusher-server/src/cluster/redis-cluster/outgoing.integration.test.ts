import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRedisLink, until } from '../../../../test-support/redis-link.ts';
import { startRedis, type RedisServer } from '../../../../test-support/redis.ts';
import { severableLink, type SeverableLink } from '../../../../test-support/severable-link.ts';
import { MAX_WAITING_EVENTS, MAX_WAITING_MS, Outgoing } from './outgoing.ts';

const topic = 'test:{1}:t:app:news';
let redis: RedisServer;
/** The senders' way to Redis. */
let way: SeverableLink;
const closing: (() => void)[] = [];

beforeAll(async () => {
  redis = await startRedis();
  way = await severableLink(redis.port);
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
afterAll(async () => {
  await way.close();
  await redis.drop();
});

/** A node that sends, whose clock the test can move, and everything that another one hears. */
async function openSender() {
  const sender = openRedisLink(`redis://127.0.0.1:${String(way.port)}`);
  const receiver = openRedisLink(redis.url);
  const clock = { moved: 0 };
  const outgoing = new Outgoing(sender.link, () => performance.now() + clock.moved);
  const heard: string[] = [];
  receiver.link.subscriber.on('smessageBuffer', (_topic: Buffer, message: Buffer) => {
    if (message.length > 0) heard.push(message.toString());
  });
  receiver.link.on('subscriberUp', () => void receiver.link.subscriber.ssubscribe(topic));
  closing.push(() => {
    sender.link.close();
    receiver.link.close();
  });
  const hears = () => until(async () => (await redis.cli('PUBSUB', 'SHARDNUMSUB', topic)).endsWith('1'));
  await Promise.all([sender.isUp(), receiver.isUp()]);
  await hears();
  return { outgoing, link: sender.link, clock, heard, hears, isUp: sender.isUp };
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => String(from + index));
}

describe('events on their way to other nodes', () => {
  it('K48: arrive in the order in which they were given, and then nothing waits', async () => {
    const { outgoing, heard } = await openSender();
    for (const text of numbers(0, 3_000)) outgoing.send(topic, text);
    await until(() => heard.length === 3_000);
    for (const text of numbers(3_000, 3_010)) {
      outgoing.send(topic, text);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => heard.length === 3_010 && outgoing.length === 0);
    expect(heard).toEqual(numbers(0, 3_010));
    expect(outgoing.lost).toBe(0);
  });

  it('K48: wait while Redis is away, and go in order and before anything newer when it is back', async () => {
    const { outgoing, link, heard, isUp } = await openSender();
    way.cut();
    await until(() => !link.isUp);
    for (const text of numbers(0, 1_500)) outgoing.send(topic, text);
    expect([outgoing.length, outgoing.canTake()]).toEqual([1_500, true]);
    link.on('up', () => {
      for (const text of numbers(1_500, 1_600)) outgoing.send(topic, text);
    });
    way.restore();
    await isUp();
    await until(() => heard.length === 1_600);
    expect(heard).toEqual(numbers(0, 1_600));
    expect(outgoing.lost).toBe(0);
  });

  it('K48: are refused beyond 10,000, beyond 16 MB, and when the oldest has waited for 45 s', async () => {
    const { outgoing, link, clock } = await openSender();
    way.cut();
    await until(() => !link.isUp);
    outgoing.send(topic, 'old');
    clock.moved = MAX_WAITING_MS - 5_000;
    expect(outgoing.canTake()).toBe(true);
    clock.moved = MAX_WAITING_MS;
    expect(outgoing.canTake()).toBe(false);
    clock.moved = 0;
    for (let index = 0; index < 15; index++) outgoing.send(topic, 'x'.repeat(1_024 * 1_024));
    expect(outgoing.canTake()).toBe(true);
    outgoing.send(topic, 'x'.repeat(1_024 * 1_024));
    expect([outgoing.canTake(), outgoing.lost]).toEqual([false, 0]);
    outgoing.send(topic, 'one too many');
    expect([outgoing.length, outgoing.lost]).toEqual([17, 1]);
    const other = new Outgoing(link);
    for (const text of numbers(0, MAX_WAITING_EVENTS + 5)) other.send(topic, text);
    expect([other.length, other.lost, other.canTake()]).toEqual([MAX_WAITING_EVENTS, 5, false]);
    way.restore();
    await until(() => outgoing.length + other.length === 0);
    expect([outgoing.canTake(), other.canTake()]).toEqual([true, true]);
  });

  it('K49: nothing piles up before a Redis that is slow; what was in doubt is sent no second time', async () => {
    const { outgoing, heard } = await openSender();
    outgoing.send(topic, 'first');
    await until(() => heard.length === 1);
    await redis.pause(1_000);
    for (const text of numbers(0, MAX_WAITING_EVENTS + 100)) {
      outgoing.send(topic, text);
      if (Number(text) % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect([outgoing.length, outgoing.canTake(), outgoing.lost]).toEqual([MAX_WAITING_EVENTS, false, 100]);
    await until(() => outgoing.length === 0 && heard.length === MAX_WAITING_EVENTS + 1);
    expect(heard).toEqual(['first', ...numbers(0, MAX_WAITING_EVENTS)]);
  });

  it('K49: when Redis leaves events unanswered, those alone are lost, and the others keep their order', async () => {
    const { outgoing, heard, hears, link, isUp } = await openSender();
    await redis.pause(4_000);
    for (const text of numbers(0, 2_000)) outgoing.send(topic, text);
    await until(() => !link.isUp);
    await isUp();
    await hears();
    await until(() => outgoing.length === 0);
    outgoing.send(topic, 'last');
    await until(() => heard.includes('last'));
    expect(outgoing.lost).toBeGreaterThan(0);
    expect(outgoing.lost).toBeLessThanOrEqual(500);
    const order = heard.slice(0, -1).map(Number);
    expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
    expect(heard.slice(-10)).toEqual([...numbers(1_991, 2_000), 'last']);
  });
});
