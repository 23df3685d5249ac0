import { randomInt } from 'node:crypto';
import { expect } from 'vitest';
import type { RedisServer } from '../../../test-support/redis.ts';
import { APP } from '../start.ts';
import { readLedger } from './ledger.ts';
import { usersOn, webhooksSettled } from './life/life.ts';
import { LEASE_MS, type Nodes } from './nodes.ts';
import { Wanderer } from './wanderer.ts';
import { poll } from './poll.ts';

const WANDERERS = 24;
const ROOMS = ['presence-a', 'presence-b', 'presence-c', 'news', 'private-d', 'sport'] as const;
const HEALED = { timeout: LEASE_MS * 2 + 10_000, interval: 100 };

export interface StormOptions {
  readonly ms: number;
  /** Whether Redis comes back with its data; only then nothing that webhooks were owed may be lost. */
  readonly redisKeepsData: boolean;
  readonly log: (line: string) => void;
}

/**
 * Random joins, leaves and moves over all nodes, while nodes are killed, stopped and cut off and Redis falls, for a
 * time. Afterwards all nodes, Redis and every connection agree on what the wanderers really hold.
 */
export async function storm(nodes: Nodes, redis: RedisServer, options: StormOptions): Promise<void> {
  const until = Date.now() + options.ms;
  const wanderers = Array.from(
    { length: WANDERERS },
    (_, index) => new Wanderer(nodes, `user-${String(index % (WANDERERS - 4))}`, ROOMS),
  );
  const wandering = wanderers.map((wanderer) => wanderer.wander(until));
  const troubles = await trouble(nodes, redis, until);
  await Promise.all(wandering);
  const held = heldBy(wanderers);
  options.log(
    `${troubles.join(', ')}; ${String(wanderers.reduce((sum, { joins }) => sum + joins, 0))} joins, ` +
      `${String(wanderers.reduce((sum, { losses }) => sum + losses, 0))} connections lost`,
  );

  await poll(() => readLedger(redis, APP.id), HEALED).toEqual({ ...held, faults: [] });
  for (let node = 0; node < nodes.count; node += 1) {
    await poll(() => seenBy(nodes, node, Object.keys(held.members)), HEALED).toEqual({
      channels: Object.keys(held.subscriptions).toSorted(),
      members: held.members,
    });
  }
  await poll(() => wanderers.flatMap((wanderer) => wanderer.disagreements(held.members)), HEALED).toEqual([]);
  expect(wanderers.flatMap(({ faults }) => faults)).toEqual([]);
  for (const room of ROOMS) await webhooksSettled(nodes, room, 0);
  if (options.redisKeepsData) expect(contradictions(nodes.receiver.lines, held)).toEqual([]);
  expect(nodes.receiver.faults).toEqual([]);
  for (const wanderer of wanderers) wanderer.end();
}

interface Held {
  readonly subscriptions: Readonly<Record<string, number>>;
  readonly members: Readonly<Record<string, readonly string[]>>;
}

function heldBy(wanderers: readonly Wanderer[]): Held {
  const subscriptions: Record<string, number> = {};
  const members: Record<string, readonly string[]> = {};
  for (const { user, channels } of wanderers) {
    for (const channel of channels) {
      subscriptions[channel] = (subscriptions[channel] ?? 0) + 1;
      if (!channel.startsWith('presence-')) continue;
      members[channel] = [...new Set([...(members[channel] ?? []), user])].toSorted();
    }
  }
  return { subscriptions, members };
}

async function seenBy(nodes: Nodes, node: number, rooms: readonly string[]) {
  const { channels } = (await nodes.get(node, '/channels')) as { channels: object };
  const members: Record<string, readonly string[]> = {};
  for (const room of rooms) members[room] = await usersOn(nodes, node, room);
  const names = Object.keys(channels).filter((name) => !name.startsWith('marker-'));
  return { channels: names.toSorted(), members };
}

type Trouble = (node: number) => Promise<void>;

function nodeTroubles(nodes: Nodes): Readonly<Record<string, Trouble>> {
  return {
    kill: async (node) => {
      await nodes.process(node).kill9();
      await chaosPause(0, LEASE_MS * 2);
      await nodes.restart(node);
    },
    stop: async (node) => {
      nodes.process(node).signal('SIGSTOP');
      await chaosPause(0, LEASE_MS * 2.5);
      nodes.process(node).signal('SIGCONT');
    },
    cut: async (node) => {
      nodes.link(node).cut();
      await chaosPause(0, LEASE_MS * 2);
      nodes.link(node).restore();
    },
    hold: async (node) => {
      nodes.link(node).hold();
      await chaosPause(0, LEASE_MS * 2);
      nodes.link(node).restore();
    },
  };
}

function redisTroubles(redis: RedisServer): Readonly<Record<string, Trouble>> {
  return {
    'redis killed': async () => {
      await redis.kill9();
      await chaosPause(0, LEASE_MS);
      await redis.start();
    },
    'redis paused': () => redis.pause(randomInt(100, 3_000)),
  };
}

/** Troubles of nodes, one after the other, and of Redis beside them; all is well when it returns. Answers what there was. */
async function trouble(nodes: Nodes, redis: RedisServer, until: number): Promise<readonly string[]> {
  const happened: string[] = [];
  const goOn = async (kinds: Readonly<Record<string, Trouble>>, longestPeaceMs: number) => {
    const names = Object.keys(kinds);
    for (;;) {
      await chaosPause(100, longestPeaceMs);
      if (Date.now() >= until) return;
      const kind = names[randomInt(names.length)] ?? '';
      const node = randomInt(nodes.count);
      happened.push(kind.startsWith('redis') ? kind : `${kind} ${String(node)}`);
      await kinds[kind]?.(node);
    }
  };
  await Promise.all([goOn(nodeTroubles(nodes), 1_000), goOn(redisTroubles(redis), 8_000)]);
  return happened;
}

/** The length of a trouble is what is random about it. */
function chaosPause(from: number, to: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, randomInt(from, Math.ceil(to))));
}

/** Per channel and member, coming and going have to alternate, and end with what is so. */
function contradictions(lines: readonly string[], held: Held): readonly string[] {
  const present = new Map<string, boolean>();
  const found: string[] = [];
  for (const line of lines) {
    const [name = '', channel = '', user = ''] = line.split(' ');
    if (channel.startsWith('marker-')) continue;
    const comes = name === 'channel_occupied' || name === 'member_added';
    const key = `${channel} ${user}`.trim();
    if ((present.get(key) ?? false) === comes) found.push(`${line} was told although it was so`);
    present.set(key, comes);
  }
  for (const channel of ROOMS) {
    const isOccupied = channel in held.subscriptions;
    if ((present.get(channel) ?? false) !== isOccupied) found.push(`${channel}: last told as ${String(!isOccupied)}`);
  }
  for (const [channel, users] of Object.entries(held.members)) {
    for (const user of users)
      if (present.get(`${channel} ${user}`) !== true) found.push(`${channel} ${user}: not told`);
  }
  const isThere = (key: string) => {
    const [channel = '', user = ''] = key.split(' ');
    return user === '' || held.members[channel]?.includes(user) === true;
  };
  for (const [key, isPresent] of present) if (isPresent && !isThere(key)) found.push(`${key}: told as present still`);
  return found;
}
