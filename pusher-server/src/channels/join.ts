import { subscriptionSucceeded } from '../protocol/frames.ts';
import { sendCached } from './cache.ts';
import { forgetChannel, type AppChannels } from './channel-registry.ts';
import type { LocalChannel, JoiningSubscription, Subscription } from './local-channel.ts';
import { contributionOf, countSocket } from './presence.ts';
import type { Publishing } from './publish.ts';
import { RosterFrame } from './roster-frame.ts';
import { refuseSubscription, sendTo, type Subscriber } from './subscriber.ts';

/** What joining works with; `report` takes what went wrong inside the server after the call returned. */
export interface Joining extends Publishing {
  readonly report: (error: unknown) => void;
}

/** Who joins a presence channel, and how many users it may hold. */
export interface JoiningMember {
  readonly userId: string;
  readonly userInfo: string | null;
  readonly maxMembers: number;
}

/** Joins a channel without presence, at once when this node hears the channel already. */
export function joinPlain(deps: Joining, subscriber: Subscriber, channel: LocalChannel): void {
  channel.sockets += 1;
  const hearing = deps.cluster.listen(channel);
  if (hearing === null) {
    finishPlainJoin(deps, subscriber, channel);
    return;
  }
  const joining = startJoining(subscriber, channel, null);
  hearing
    .then(() => {
      if (!joining.cancelled) finishPlainJoin(deps, subscriber, channel);
    })
    .catch(deps.report);
}

/** The cluster is told last, so that the joiner hears the count that its coming brings about. */
function finishPlainJoin(deps: Joining, subscriber: Subscriber, channel: LocalChannel): void {
  subscriber.subscriptions.set(channel.joined);
  attach(subscriber, channel, subscriptionSucceeded(channel.name), null);
  if (channel.rules.cache) sendCached(deps, subscriber, channel);
  deps.cluster.apply(channel, channel.sockets);
}

/**
 * Joins a presence channel. The answer and the subscription to the topic happen in one synchronous step, while the
 * roster is what the node has told its subscribers: so the joiner finds itself in its list, hears nothing that the list
 * holds, and misses nothing after it.
 */
export function joinPresence(
  deps: Joining,
  channels: AppChannels,
  subscriber: Subscriber,
  channel: LocalChannel,
  member: JoiningMember,
): void {
  const { userId, userInfo, maxMembers } = member;
  countSocket(channel, userId, 1);
  const joining = startJoining(subscriber, channel, userId);
  const apply = () => deps.cluster.applyMember(channel, contributionOf(channel, userId, userInfo, maxMembers));
  const hearing = deps.cluster.listen(channel);
  (hearing === null ? apply() : hearing.then(apply))
    .then((answer) => {
      if (joining.cancelled) return;
      if (answer.kind === 'full') {
        refuseMember(deps, channels, subscriber, channel, member);
        return;
      }
      subscriber.subscriptions.set({ state: 'joined', channel, userId });
      channel.rosterFrame ??= new RosterFrame(channel.name);
      attach(subscriber, channel, channel.rosterFrame.of(answer.roster), userId);
      if (channel.rules.cache) sendCached(deps, subscriber, channel);
    })
    .catch(deps.report);
}

/** The cluster kept nothing of a refused contribution, so nothing is taken back there. */
function refuseMember(
  deps: Joining,
  channels: AppChannels,
  subscriber: Subscriber,
  channel: LocalChannel,
  member: JoiningMember,
): void {
  subscriber.subscriptions.delete(channel.name);
  countSocket(channel, member.userId, -1);
  closeIfEmpty(deps, channels, channel);
  const error = `The channel has all the members it may (${String(member.maxMembers)})`;
  refuseSubscription(subscriber, channel.name, { type: 'LimitReached', error, status: 403 });
}

function startJoining(subscriber: Subscriber, channel: LocalChannel, userId: string | null): JoiningSubscription {
  const joining: JoiningSubscription = { state: 'joining', channel, userId, cancelled: false };
  subscriber.subscriptions.set(joining);
  return joining;
}

function attach(subscriber: Subscriber, channel: LocalChannel, succeeded: string, userId: string | null): void {
  sendTo(subscriber, succeeded);
  subscriber.socket.subscribe(channel.topic);
  channel.listeners += 1;
  tellPlace('subscribed', subscriber, channel, userId);
}

function tellPlace(
  event: 'subscribed' | 'unsubscribed',
  subscriber: Subscriber,
  channel: LocalChannel,
  userId: string | null,
): void {
  const { socketId, user, channels } = subscriber;
  channels.feed?.tell({ event, socket_id: socketId, channel: channel.name, user_id: userId ?? user?.id ?? null });
}

/**
 * Gives a place back, of a join in flight too: its answer is then for nobody. `connected` is false when the connection
 * itself has gone and its topics with it.
 */
export function leave(
  deps: Publishing,
  channels: AppChannels,
  subscriber: Subscriber,
  subscription: Subscription,
  connected: boolean,
): void {
  const { channel, userId } = subscription;
  subscriber.subscriptions.delete(channel.name);
  if (subscription.state === 'joining') {
    subscription.cancelled = true;
  } else {
    channel.listeners -= 1;
    tellPlace('unsubscribed', subscriber, channel, userId);
    if (connected) subscriber.socket.unsubscribe(channel.topic);
  }
  if (userId === null) {
    channel.sockets -= 1;
    deps.cluster.apply(channel, channel.sockets);
  } else {
    countSocket(channel, userId, -1);
    // A leaving is never refused and nobody waits for its answer.
    void deps.cluster.applyMember(channel, contributionOf(channel, userId, null, Infinity));
  }
  closeIfEmpty(deps, channels, channel);
}

function closeIfEmpty(deps: Publishing, channels: AppChannels, channel: LocalChannel): void {
  if (channel.sockets > 0) return;
  forgetChannel(channels, channel);
  deps.cluster.unlisten(channel);
}
