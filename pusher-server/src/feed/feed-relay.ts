import type { Cluster } from '../cluster/cluster.ts';
import { AppFeed } from './app-feed.ts';

/** Where the feed of an app hangs while somebody listens to it. */
export interface FeedHolder {
  readonly appId: string;
  feed: AppFeed | null;
}

/** Somebody on another node listens to the app from now on, or nobody does any longer. */
export function relayFeed(cluster: Cluster, holder: FeedHolder, wanted: boolean): void {
  const feed = (holder.feed ??= new AppFeed());
  feed.relay = wanted ? (text) => cluster.relayFeed(holder.appId, text) : null;
  forgetIfUnused(holder, feed);
}

export function forgetIfUnused(holder: FeedHolder, feed: AppFeed): void {
  if (feed.isUnused && holder.feed === feed) holder.feed = null;
}
