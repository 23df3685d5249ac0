import type { ChannelRef, ClusterListener } from '../cluster.ts';
import type { Replicas } from './replicas.ts';
import { decodeMessage } from './topic-message.ts';
import type { UserWatch } from './user-watch.ts';

/** Who takes what is said on a channel's topic. */
export interface IncomingTakers {
  readonly listener: Pick<ClusterListener, 'event' | 'subscriptionCount'>;
  readonly replicas: Pick<Replicas, 'take'>;
  readonly users: Pick<UserWatch, 'take' | 'terminated'>;
}

/** Hands a message from another node, or from a script, to whom it concerns. What cannot be read is for newer nodes. */
export function takeIncoming(takers: IncomingTakers, channel: ChannelRef, bytes: Buffer): void {
  const message = decodeMessage(bytes);
  if (message === null) return;
  switch (message.kind) {
    case 'event':
      takers.listener.event(channel, message.frame, message.exceptSocketId);
      return;
    case 'added':
    case 'removed':
      takers.replicas.take(channel, message);
      return;
    case 'count':
      takers.listener.subscriptionCount(channel, message.count);
      return;
    case 'user':
      takers.users.take(channel, message);
      return;
    case 'terminate':
      takers.users.terminated(channel, message.reconnect);
      return;
    case 'feed':
      // Streams have topics of their own.
      return;
    default:
      message satisfies never;
  }
}
