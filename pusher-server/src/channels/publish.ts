import type { Cluster } from '../cluster/cluster.ts';
import type { Broadcaster } from '../transport/socket.ts';
import type { AppChannels } from './channel-registry.ts';
import type { LocalChannel } from './local-channel.ts';
import type { Subscriber } from './subscriber.ts';

/** What it takes to get an event out. */
export interface Publishing {
  readonly cluster: Cluster;
  readonly broadcaster: Broadcaster;
}

/**
 * Delivers a ready frame to a channel's subscribers on this node, `except` one of them. The frame is handed over once,
 * whatever the number of subscribers.
 */
export function publishLocally(
  broadcaster: Broadcaster,
  channels: AppChannels,
  channel: LocalChannel,
  frame: string,
  except: Subscriber | null,
): void {
  const excluded = except !== null && except.subscriptions.get(channel.name)?.state === 'joined';
  const receivers = excluded ? channel.listeners - 1 : channel.listeners;
  if (receivers <= 0) return;
  channels.traffic.messagesSent += receivers;
  channels.traffic.bytesSent += receivers * Buffer.byteLength(frame);
  broadcaster.publish(channel.topic, frame, excluded ? except.socket : null);
}
