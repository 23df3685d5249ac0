import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRedisLink, until } from '../../../../test-support/redis-link.ts';
import { startRedis, type RedisServer } from '../../../../test-support/redis.ts';
import type { ChannelRef } from '../cluster.ts';
import { publishAll } from './publish-commands.ts';
import { decodeMessage, eventMessage } from './topic-message.ts';
import { Topics } from './topics.ts';

let redis: RedisServer;
const closing: (() => void)[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
afterAll(async () => {
  await redis.drop();
});

function channel(name: string): ChannelRef {
  return { appId: 'app', name, topic: `app/${name}` };
}

/** A node that hears topics, and a line for everything it noticed. */
function openNode(lingerMs?: number) {
  const { link, isUp } = openRedisLink(redis.url);
  const heard: string[] = [];
  const topics = new Topics({
    link,
    ...(lingerMs === undefined ? {} : { lingerMs }),
    log: { info: () => undefined, warn: () => undefined },
    listener: {
      message: ({ name }, bytes) => {
        const message = decodeMessage(bytes);
        if (message?.kind === 'event') heard.push(`${name} ${message.frame} ${message.exceptSocketId ?? 'all'}`);
      },
      heard: ({ name }) => heard.push(`heard ${name}`),
      dropped: ({ name }) => heard.push(`dropped ${name}`),
    },
  });
  closing.push(() => {
    topics.close();
    link.close();
  });
  const say = (name: string, frame: string, except: string | null = null) =>
    publishAll(link, [{ topic: topics.nameOf(channel(name)), message: eventMessage(link.nodeId, frame, except) }]);
  return { link, isUp, topics, heard, say };
}

async function openNodes(lingerMs?: number) {
  const [one, other] = [openNode(lingerMs), openNode(lingerMs)];
  await Promise.all([one.isUp(), other.isUp()]);
  return { one, other };
}

function namesOf(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${String(index)}`);
}

/** All in one tick. */
async function listenToAll(topics: Topics, names: readonly string[]): Promise<void> {
  for (const confirmed of names.map((name) => topics.listen(channel(name)))) await confirmed;
}

async function callsOf(command: string): Promise<number> {
  const stats = await redis.cli('INFO', 'commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

describe('topics of other nodes', () => {
  it('K40, K42: what another node says is heard from the confirmation on, what this node says is not', async () => {
    const { one, other } = await openNodes();
    const confirmed = one.topics.listen(channel('news'));
    expect(confirmed).toBeInstanceOf(Promise);
    await confirmed;
    expect(one.topics.listen(channel('news'))).toBeNull();
    await one.say('news', 'mine');
    await other.say('news', '{"a":"客"}');
    await other.say('old', 'for nobody');
    await other.say('news', 'two', '1.2');
    await until(() => one.heard.length === 3);
    expect(one.heard).toEqual(['heard news', 'news {"a":"客"} all', 'news two 1.2']);
    expect(other.heard).toEqual([]);
  });

  it('K40: a topic is given up some time after nobody wants it, and not when somebody comes back', async () => {
    const { one } = await openNodes(60);
    await Promise.all([
      one.topics.listen(channel('a')),
      one.topics.listen(channel('b')),
      one.topics.hold(channel('b')),
    ]);
    one.topics.unlisten(channel('a'));
    one.topics.unlisten(channel('b'));
    expect(one.topics.listen(channel('a'))).toBeNull();
    one.topics.unlisten(channel('a'));
    await until(() => one.heard.includes('dropped a'));
    expect(one.topics.isHeard(channel('b'))).toBe(true);
    one.topics.release(channel('b'));
    await until(async () => (await redis.cli('PUBSUB', 'SHARDCHANNELS')) === '');
    expect(one.heard).toEqual(['heard a', 'heard b', 'dropped a', 'dropped b']);
  });

  it('K41: the subscriptions of a tick are one command, those of thousands a few', async () => {
    const { one } = await openNodes();
    await redis.cli('CONFIG', 'RESETSTAT');
    await listenToAll(one.topics, namesOf('few', 200));
    expect(await callsOf('ssubscribe')).toBe(1);
    await listenToAll(one.topics, namesOf('many', 2_000));
    expect(await callsOf('ssubscribe')).toBe(5);
  });

  it('K41: after a break all topics are heard again, and the gap is counted', async () => {
    const { one, other } = await openNodes();
    const names = namesOf('broken', 1_200);
    await listenToAll(one.topics, names);
    expect(one.topics.gaps).toBe(0);
    await redis.cli('CONFIG', 'RESETSTAT');
    await redis.cli('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until(() => one.topics.gaps === 1 && names.every((name) => one.topics.isHeard(channel(name))));
    expect(await callsOf('ssubscribe')).toBe(3);
    await other.say('broken-1199', 'again');
    await until(() => one.heard.at(-1) === 'broken-1199 again all');
    expect(one.heard.filter((line) => line === 'heard broken-7')).toHaveLength(2);
  });

  it('K40: while Redis is away nobody waits, and it is heard when Redis is back', async () => {
    const { one, other } = await openNodes();
    await one.topics.listen(channel('before'));
    await redis.stop();
    await until(() => !one.topics.isHeard(channel('before')));
    expect(one.topics.listen(channel('meanwhile'))).toBeNull();
    await redis.start();
    await until(() => ['before', 'meanwhile'].every((name) => one.topics.isHeard(channel(name))));
    await other.isUp();
    await other.say('meanwhile', 'hello');
    await until(() => one.heard.includes('meanwhile hello all'));
  });

  it('K40: whoever waits for a Redis that does not answer waits two seconds at most', async () => {
    const { one } = await openNodes();
    await redis.pause(2_800);
    const begun = performance.now();
    await one.topics.listen(channel('slow'));
    expect(performance.now() - begun).toBeLessThan(2_500);
    await until(() => one.topics.isHeard(channel('slow')));
  });

  it('K41: topics that are no channel’s are heard as well', async () => {
    const { one, other } = await openNodes();
    const said: string[] = [];
    await one.topics.hear('test:{node:one}', (message) => said.push(message.toString()));
    await publishAll(other.link, [{ topic: 'test:{node:one}', message: 'from another node' }]);
    await until(() => said.length === 1);
    one.topics.forget('test:{node:one}');
    await until(async () => !(await redis.cli('PUBSUB', 'SHARDCHANNELS')).includes('node:one'));
    expect(said).toEqual(['from another node']);
  });
});
