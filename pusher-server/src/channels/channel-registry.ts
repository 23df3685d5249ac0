import type { ChannelRef } from '../cluster/cluster.ts';
import type { AppFeed } from '../feed/app-feed.ts';
import { noTraffic, type Traffic } from '../metrics/traffic.ts';
import { LocalChannel, topicOf } from './local-channel.ts';

/** The channels of one app on this node, and what the app has moved here. */
export interface AppChannels {
  readonly appId: string;
  readonly byName: Map<string, LocalChannel>;
  readonly traffic: Traffic;
  /** Those who listen to what happens in the app; `null` while nobody does. */
  feed: AppFeed | null;
}

/** Every channel that this node has subscribers for. */
export class ChannelRegistry {
  readonly #apps = new Map<string, AppChannels>();

  /** The channels of an app; an empty set is made for one that is new here. */
  of(appId: string): AppChannels {
    let channels = this.#apps.get(appId);
    if (channels === undefined) {
      channels = { appId, byName: new Map(), traffic: noTraffic(), feed: null };
      this.#apps.set(appId, channels);
    }
    return channels;
  }

  /** The local side of a channel, `null` when nobody here is on it. */
  find(channel: ChannelRef): LocalChannel | null {
    return this.#apps.get(channel.appId)?.byName.get(channel.name) ?? null;
  }

  /** Forgets a removed app when nobody is left on its channels. */
  forget(appId: string): void {
    const channels = this.#apps.get(appId);
    if (channels === undefined || channels.byName.size > 0) return;
    channels.feed?.end();
    this.#apps.delete(appId);
  }

  all(): Iterable<AppChannels> {
    return this.#apps.values();
  }
}

/** Names a channel of an app, whether or not anybody is on it. */
export function channelRef(appId: string, name: string): ChannelRef {
  return { appId, name, topic: topicOf(appId, name) };
}

/** The channel of that name, made when nobody was on it yet. */
export function openChannel(channels: AppChannels, name: string): LocalChannel {
  const known = channels.byName.get(name);
  if (known !== undefined) return known;
  const channel = new LocalChannel(channels.appId, name);
  channels.byName.set(name, channel);
  return channel;
}

/** Forgets a channel whose last socket has gone. */
export function forgetChannel(channels: AppChannels, channel: LocalChannel): void {
  if (channels.byName.get(channel.name) === channel) channels.byName.delete(channel.name);
}
