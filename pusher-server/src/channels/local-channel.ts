import type { ChannelRef } from '../cluster/cluster.ts';
import { channelKind } from '../protocol/channel-name.ts';
import { CHANNEL_RULES, type ChannelRules } from './channel-kind.ts';
import type { RosterFrame } from './roster-frame.ts';

/** A channel that somebody on this node is subscribed to, or is about to be. */
export class LocalChannel implements ChannelRef {
  readonly appId: string;
  readonly name: string;
  readonly topic: string;
  readonly rules: ChannelRules;
  /** Sockets here that have a place on the channel, those still joining included. */
  sockets = 0;
  /** Sockets here that hear the channel's events. */
  listeners = 0;
  /** On cache channels: how many events of the application were delivered here. */
  appEvents = 0;
  /** On presence channels: how many sockets each user has here. */
  readonly users: Map<string, number> | null;
  /** The one subscription that all joined sockets of a channel without presence share. */
  readonly joined: JoinedSubscription;
  /** On presence channels that somebody has joined: the answer to joins. */
  rosterFrame: RosterFrame | null = null;

  constructor(appId: string, name: string) {
    this.appId = appId;
    this.name = name;
    this.topic = topicOf(appId, name);
    this.rules = CHANNEL_RULES[channelKind(name)];
    this.users = this.rules.presence ? new Map() : null;
    this.joined = { state: 'joined', channel: this, userId: null };
  }
}

/** A place on a channel. While it is `joining`, the answer to `pusher:subscribe` has not been sent. */
export type Subscription = JoiningSubscription | JoinedSubscription;

export interface JoiningSubscription {
  readonly state: 'joining';
  readonly channel: LocalChannel;
  readonly userId: string | null;
  /** The client unsubscribed or went away before the answer came; the answer is then for nobody. */
  cancelled: boolean;
}

export interface JoinedSubscription {
  readonly state: 'joined';
  readonly channel: LocalChannel;
  readonly userId: string | null;
}

/** No channel name holds a slash, so two apps can never meet on one topic. */
export function topicOf(appId: string, name: string): string {
  return `${appId}/${name}`;
}
