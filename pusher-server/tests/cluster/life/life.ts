import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { BUCKETS, bucketOf } from '../../../src/cluster/redis-cluster/keys.ts';
import { APP } from '../../start.ts';
import type { Nodes, NodesOptions } from '../nodes.ts';

/** Counts the subscriptions of its channels. */
export const COUNTING = { id: 'counting', key: 'counting', secret: 'secret-2' };
/** May do so many things a second. */
export const RATED = { id: 'rated', key: 'rated', secret: 'secret-3' };
export const RATE = 20;
/** Has so many places for connections. */
export const SMALL = { id: 'small', key: 'small', secret: 'secret-4' };
export const PLACES = 3;
export const MAX_MEMBERS = 4;

/** What the nodes of these suites are. */
export const ORDINARY_LIFE: Omit<NodesOptions, 'redisUrl' | 'redisPort'> = {
  app: { maxPresenceMembersPerChannel: MAX_MEMBERS, maxClientEventsPerSecond: -1 },
  furtherApps: [
    { ...COUNTING, enableSubscriptionCount: true },
    { ...RATED, maxBackendEventsPerSecond: RATE, maxReadRequestsPerSecond: RATE },
    { ...SMALL, maxConnections: PLACES },
  ],
  webhookDelayMs: 400,
};

/** The nodes that the tests of a suite share, and names that only the present test has. */
export interface Life {
  readonly nodes: Nodes;
  /** A presence channel. */
  readonly room: string;
  /** A public channel. */
  readonly news: string;
  /** Triggers an event by one node and answers its line: who hears it has heard what was to come before. */
  fence(channel: string, from?: number): Promise<string>;
  /** Waits until what a node would have told webhooks of this channel twice has been told. */
  webhooksSettled(channel: string, node?: number): Promise<void>;
  usersOn(node: number, channel: string): Promise<readonly string[]>;
}

/** Opens the nodes before a suite's tests and closes them after. */
export function livedOn(open: () => Promise<{ nodes: Nodes; close: () => Promise<void> }>): Life {
  let opened: Awaited<ReturnType<typeof open>> | undefined;
  let name = '';
  const nodes = () => {
    if (opened === undefined) throw new Error('the nodes have not been opened');
    return opened.nodes;
  };
  beforeAll(async () => {
    opened = await open();
  });
  beforeEach(() => {
    name = randomBytes(4).toString('hex');
  });
  afterAll(() => opened?.close());

  return {
    get nodes() {
      return nodes();
    },
    get room() {
      return `presence-${name}`;
    },
    get news() {
      return `news-${name}`;
    },
    fence: async (channel, from = 0) => {
      const text = randomBytes(4).toString('hex');
      expect(await nodes().trigger(from, channel, text, {}, 'fence')).toBe(200);
      return `fence ${text}`;
    },
    webhooksSettled: (channel, node = 0) => webhooksSettled(nodes(), channel, node),
    usersOn: (node, channel) => usersOn(nodes(), node, channel),
  };
}

/**
 * Facts of a bucket are told in order, so a neighbour comes and goes, and is told last. It stays until its coming was
 * told: while a bucket settles, who comes and goes at once is never told.
 */
export async function webhooksSettled(nodes: Nodes, channel: string, node: number): Promise<void> {
  const marker = await nodes.guest(node);
  const name = neighbour(channel);
  await marker.join(name);
  await nodes.receiver.hears(`channel_occupied ${name}`);
  await marker.goes();
  await nodes.receiver.hears(`channel_vacated ${name}`);
}

export async function usersOn(nodes: Nodes, node: number, channel: string): Promise<readonly string[]> {
  const { users } = (await nodes.get(node, `/channels/${channel}/users`)) as { users: { id: string }[] };
  return users.map(({ id }) => id).toSorted();
}

/** Another channel of the same bucket, which nobody else has. */
function neighbour(channel: string): string {
  const bucket = bucketOf(APP.id, channel);
  const prefix = `marker-${randomBytes(4).toString('hex')}`;
  for (let number = 0; number < BUCKETS * 100; number += 1) {
    const name = `${prefix}-${String(number)}`;
    if (bucketOf(APP.id, name) === bucket) return name;
  }
  throw new Error(`no name in bucket ${String(bucket)} was found`);
}
