import type { App } from '../apps/app.ts';
import { CHANNEL_RULES, type ChannelRules } from '../channels/channel-kind.ts';
import { channelRef } from '../channels/channel-registry.ts';
import type { CachedEvent, ChannelSummary } from '../cluster/cluster.ts';
import { channelKind } from '../protocol/channel-name.ts';
import type { RestDependencies } from './context.ts';
import type { InfoAttribute } from './event-request.ts';

/** What the API tells of a channel; only what was asked for and what its kind has. */
export interface ChannelInfo {
  user_count?: number;
  subscription_count?: number;
  cache?: { readonly data: string; readonly ttl: number } | null;
}

/** Whether a kind of channel has an attribute: users are counted on presence channels, connections on all others. */
export function hasAttribute(rules: ChannelRules, attribute: InfoAttribute): boolean {
  switch (attribute) {
    case 'user_count':
      return rules.presence;
    case 'subscription_count':
      return !rules.presence;
    case 'cache':
      return rules.cache;
  }
}

/** The attributes of one channel; those that its kind does not have are left out. */
export async function channelInfo(
  deps: RestDependencies,
  app: App,
  name: string,
  attributes: readonly InfoAttribute[],
): Promise<ChannelInfo> {
  if (attributes.length === 0) return {};
  const ref = channelRef(app.id, name);
  const info = countsOf(await deps.cluster.summary(ref), attributes);
  const cached = CHANNEL_RULES[channelKind(name)].cache && attributes.includes('cache');
  return cached ? { ...info, cache: cacheOf(await deps.cluster.recall(ref)) } : info;
}

/** The counts among the attributes. */
export function countsOf(summary: ChannelSummary, attributes: readonly InfoAttribute[]): ChannelInfo {
  const rules = CHANNEL_RULES[channelKind(summary.name)];
  const info: ChannelInfo = {};
  for (const attribute of attributes) {
    if (!hasAttribute(rules, attribute)) continue;
    if (attribute === 'user_count') info.user_count = summary.users;
    if (attribute === 'subscription_count') info.subscription_count = summary.subscriptions;
  }
  return info;
}

function cacheOf(event: CachedEvent | null): NonNullable<ChannelInfo['cache']> | null {
  if (event === null) return null;
  return { data: event.data, ttl: Math.ceil((event.expiresAt - Date.now()) / 1_000) };
}
