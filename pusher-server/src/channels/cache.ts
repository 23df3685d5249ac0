import type { CachedEvent, Cluster } from '../cluster/cluster.ts';
import { cacheMiss } from '../protocol/frames.ts';
import type { LocalChannel } from './local-channel.ts';
import { sendTo, type Subscriber } from './subscriber.ts';

/** What looking up a cached event works with. */
export interface CacheReading {
  readonly cluster: Cluster;
  readonly report: (error: unknown) => void;
}

/** Sends a new subscriber the last event of a cache channel, or tells it and the app that there is none. SPEC.md S10. */
export function sendCached(deps: CacheReading, subscriber: Subscriber, channel: LocalChannel): void {
  const subscription = subscriber.subscriptions.get(channel.name);
  const { appEvents } = channel;
  deps.cluster
    .recall(channel)
    .then((cached) => {
      // The place may have been given back meanwhile, and its connection with it.
      if (subscriber.subscriptions.get(channel.name) !== subscription) return;
      // What was delivered meanwhile is newer than what was looked up, or the same.
      if (channel.appEvents !== appEvents) return;
      answer(deps, subscriber, channel, cached);
    })
    .catch(deps.report);
}

function answer(deps: CacheReading, subscriber: Subscriber, channel: LocalChannel, cached: CachedEvent | null): void {
  if (cached !== null) {
    sendTo(subscriber, cached.frame);
    return;
  }
  sendTo(subscriber, cacheMiss(channel.name));
  deps.cluster.tell({ kind: 'cache_miss', appId: channel.appId, channel: channel.name });
}
