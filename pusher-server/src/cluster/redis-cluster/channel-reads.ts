import type { ChannelRef, ChannelSummary, Roster } from '../cluster.ts';
import type { Holdings } from './holdings.ts';
import { BUCKETS, bucketOf } from './keys.ts';
import type { RedisLink } from './redis-link.ts';

export interface ChannelReadsOptions {
  readonly link: RedisLink;
  readonly holdings: Pick<Holdings, 'find' | 'channels'>;
  /** Tells Redis what this node still owes it, of one bucket or of all: what was done here is in what is read then. */
  readonly flush: (bucket: number | null) => Promise<void>;
  /** The members as this node knows them. */
  readonly roster: (channel: ChannelRef) => Roster | null;
}

/** Questions about channels over all nodes. Without Redis they are answered from what this node knows. */
export class ChannelReads {
  readonly #options: ChannelReadsOptions;

  constructor(options: ChannelReadsOptions) {
    this.#options = options;
  }

  /** The channels of an app that somebody is subscribed to: one read for each bucket, all in one pipeline. */
  occupied(appId: string, prefix: string): Promise<readonly ChannelSummary[]> {
    return this.#ask(
      null,
      async ({ commands, keys }) => {
        const buckets = Array.from({ length: BUCKETS }, (_, bucket) => commands.smembers(keys.occupied(bucket, appId)));
        const names = (await Promise.all(buckets)).flat().filter((name) => name.startsWith(prefix));
        const summaries = await Promise.all(names.map((name) => this.#read({ appId, name })));
        // Somebody may have left between the two reads.
        return summaries.filter(({ subscriptions }) => subscriptions > 0);
      },
      () => this.#occupiedHere(appId, prefix),
    );
  }

  summary(channel: ChannelRef): Promise<ChannelSummary> {
    return this.#ask(
      bucketOf(channel.appId, channel.name),
      () => this.#read(channel),
      () => this.#summarizeHere(channel),
    );
  }

  users(channel: ChannelRef): Promise<readonly string[]> {
    const { appId, name } = channel;
    const bucket = bucketOf(appId, name);
    return this.#ask(
      bucket,
      ({ commands, keys }) => commands.hkeys(keys.members(bucket, appId, name)),
      () => this.#usersHere(channel),
    );
  }

  async #ask<T>(bucket: number | null, read: (link: RedisLink) => Promise<T>, here: () => T): Promise<T> {
    const { link, flush } = this.#options;
    if (!link.isUp) return here();
    try {
      await flush(bucket);
      return await read(link);
    } catch {
      // Redis went away in the middle.
      return here();
    }
  }

  async #read({ appId, name }: { readonly appId: string; readonly name: string }): Promise<ChannelSummary> {
    const { commands, keys } = this.#options.link;
    const bucket = bucketOf(appId, name);
    const [subscriptions, users] = await Promise.all([
      commands.hget(keys.channel(bucket, appId, name), 'n'),
      name.startsWith('presence-') ? commands.hlen(keys.members(bucket, appId, name)) : 0,
    ]);
    return { name, subscriptions: Number(subscriptions ?? 0), users };
  }

  #occupiedHere(appId: string, prefix: string): readonly ChannelSummary[] {
    const found: ChannelSummary[] = [];
    for (const { channel, sockets } of this.#options.holdings.channels()) {
      if (channel.appId !== appId || sockets === 0 || !channel.name.startsWith(prefix)) continue;
      found.push(this.#summarizeHere(channel));
    }
    return found;
  }

  #summarizeHere(channel: ChannelRef): ChannelSummary {
    const subscriptions = this.#options.holdings.find(channel)?.sockets ?? 0;
    return { name: channel.name, subscriptions, users: this.#usersHere(channel).length };
  }

  /** What the replica says that this node keeps, else whoever is here. */
  #usersHere(channel: ChannelRef): readonly string[] {
    const roster = this.#options.roster(channel);
    if (roster !== null) return [...roster.members.keys()];
    const members = [...(this.#options.holdings.find(channel)?.members.values() ?? [])];
    return members.filter(({ sockets }) => sockets > 0).map(({ userId }) => userId);
  }
}
