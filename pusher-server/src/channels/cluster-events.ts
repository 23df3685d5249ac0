import type { ChannelRef, ClusterListener } from '../cluster/cluster.ts';
import { memberAdded, memberRemoved, subscriptionCount } from '../protocol/frames.ts';
import type { Broadcaster } from '../transport/socket.ts';
import type { ChannelRegistry } from './channel-registry.ts';
import { publishLocally } from './publish.ts';
import type { Subscriber } from './subscriber.ts';

/** The part of the cluster's listener that concerns channels: what comes from there goes to local subscribers. */
export function channelListener(
  registry: ChannelRegistry,
  broadcaster: Broadcaster,
  subscriberById: (appId: string, socketId: string) => Subscriber | null,
): Pick<
  ClusterListener,
  'event' | 'memberAdded' | 'memberRemoved' | 'membershipChanged' | 'occupancyChanged' | 'subscriptionCount'
> {
  const publish = (ref: ChannelRef, frame: string) => {
    const channel = registry.find(ref);
    if (channel !== null) publishLocally(broadcaster, registry.of(ref.appId), channel, frame, null);
  };
  const hasListeners = (ref: ChannelRef) => (registry.find(ref)?.listeners ?? 0) > 0;
  return {
    event: (ref, frame, exceptSocketId) => {
      const channel = registry.find(ref);
      if (channel === null) return;
      if (channel.rules.cache && !isClientEvent(frame)) channel.appEvents += 1;
      const except = exceptSocketId === null ? null : subscriberById(ref.appId, exceptSocketId);
      publishLocally(broadcaster, registry.of(ref.appId), channel, frame, except);
    },
    memberAdded: (channel, userId, userInfo) => {
      if (hasListeners(channel)) publish(channel, memberAdded(channel.name, userId, userInfo));
    },
    memberRemoved: (channel, userId) => {
      if (hasListeners(channel)) publish(channel, memberRemoved(channel.name, userId));
    },
    membershipChanged: ({ appId, name }, userId, present) => {
      registry
        .of(appId)
        .feed?.tell({ event: present ? 'member_added' : 'member_removed', channel: name, user_id: userId });
    },
    occupancyChanged: ({ appId, name }, occupied) => {
      // A user's own channel is an address, not something that an application opened.
      if (name.startsWith('#')) return;
      registry.of(appId).feed?.tell({ event: occupied ? 'channel_occupied' : 'channel_vacated', channel: name });
    },
    subscriptionCount: (channel, count) => {
      if (hasListeners(channel)) publish(channel, subscriptionCount(channel.name, count));
    },
  };
}

/** Only events of the application are kept in a cache. */
function isClientEvent(frame: string): boolean {
  return frame.startsWith('{"event":"client-');
}
