import type { App } from '../apps/app.ts';
import { channelKind, isChannelName } from '../protocol/channel-name.ts';
import { shorten } from '../protocol/codec.ts';
import { errorFrame } from '../protocol/frames.ts';
import { authorize, type SubscribeRequest } from './authorize.ts';
import { CHANNEL_RULES } from './channel-kind.ts';
import { openChannel, type AppChannels } from './channel-registry.ts';
import { joinPlain, joinPresence, type Joining } from './join.ts';
import { memberOf } from './presence.ts';
import { refuseSubscription, sendTo, type Subscriber } from './subscriber.ts';

/**
 * Answers one `pusher:subscribe`. A refusal is told on the channel and changes nothing; a channel that the subscriber
 * has already is a plain error and is never answered twice. SPEC.md S1–S9.
 */
export function subscribe(
  deps: Joining,
  app: App,
  channels: AppChannels,
  subscriber: Subscriber,
  request: SubscribeRequest,
): void {
  const name = request.channel;
  if (!isChannelName(name, app.maxChannelNameLength)) {
    refuseSubscription(subscriber, name, {
      type: 'InvalidName',
      error: `Invalid channel name: ${shorten(name)}`,
      status: 400,
    });
    return;
  }
  if (subscriber.subscriptions.has(name)) {
    sendTo(subscriber, errorFrame({ message: `Existing subscription to channel ${name}`, code: null }));
    return;
  }
  if (subscriber.subscriptions.size >= app.maxChannelsPerConnection) {
    refuseSubscription(subscriber, name, {
      type: 'LimitReached',
      error: 'This connection has all the channels it may',
      status: 403,
    });
    return;
  }
  const rules = CHANNEL_RULES[channelKind(name)];
  const denied = authorize(app, rules, subscriber, request);
  if (denied !== null) {
    refuseSubscription(subscriber, name, denied);
    return;
  }
  if (!rules.presence) {
    joinPlain(deps, subscriber, openChannel(channels, name));
    return;
  }
  const member = memberOf(app, request.channelData, subscriber.user);
  if (member.kind === 'refused') refuseSubscription(subscriber, name, member.error);
  else joinPresence(deps, channels, subscriber, openChannel(channels, name), { ...member, maxMembers: app.maxMembers });
}
