import type { App } from '../apps/app.ts';
import { cutText } from '../feed/feed-event.ts';
import { rateWindow, takePermits } from '../limits/rate-limiter.ts';
import { channelKind } from '../protocol/channel-name.ts';
import { shorten } from '../protocol/codec.ts';
import { ERROR, type ProtocolError } from '../protocol/errors.ts';
import { clientEventFrame, errorFrame } from '../protocol/frames.ts';
import type { ClientEvent } from '../protocol/messages.ts';
import { CHANNEL_RULES } from './channel-kind.ts';
import type { AppChannels } from './channel-registry.ts';
import { publishLocally, type Publishing } from './publish.ts';
import { sendTo, type Subscriber } from './subscriber.ts';

/** Passes an event of one client to the channel's other subscribers, or tells the sender why not. SPEC.md E1–E7. */
export function relayClientEvent(
  deps: Publishing,
  app: App,
  channels: AppChannels,
  subscriber: Subscriber,
  message: ClientEvent,
): void {
  const place = subscriber.subscriptions.get(message.channel);
  if (place?.state !== 'joined' || !place.channel.rules.clientEvents) {
    complain(subscriber, notAllowedOn(message.channel));
    return;
  }
  const refusal = refusalOf(app, message) ?? rateRefusal(app, subscriber);
  if (refusal !== null) {
    complain(subscriber, refusal);
    return;
  }
  const { channel, userId } = place;
  const frame = clientEventFrame(message.event, channel.name, message.data, userId);
  publishLocally(deps.broadcaster, channels, channel, frame, subscriber);
  deps.cluster.relay(channel, frame, subscriber.socketId);
  channels.feed?.tell({
    event: 'client_event',
    channel: channel.name,
    name: message.event,
    socket_id: subscriber.socketId,
    user_id: userId,
    data: message.data === null ? null : cutText(message.data),
  });
  if (app.webhookEvents.has('client_event')) {
    const { event, data } = message;
    const { socketId } = subscriber;
    deps.cluster.tell({ kind: 'client_event', appId: app.id, channel: channel.name, event, data, socketId, userId });
  }
}

function notAllowedOn(channel: string): ProtocolError {
  const message = CHANNEL_RULES[channelKind(channel)].clientEvents
    ? `Cannot broadcast client event (connection not subscribed to channel ${shorten(channel)})`
    : 'Client event rejected - only supported on private and presence channels';
  return { message, code: null };
}

function refusalOf(app: App, message: ClientEvent): ProtocolError | null {
  if (!app.settings.enableClientMessages) {
    return { message: 'Client event rejected - client events are not enabled for this app', code: null };
  }
  if (message.event.length > app.maxEventNameLength) {
    return {
      message: `Client event rejected - its name exceeds ${String(app.maxEventNameLength)} characters`,
      code: null,
    };
  }
  if (message.data !== null && Buffer.byteLength(message.data) > app.maxPayloadBytes) {
    return { message: `Client event rejected - its data exceeds ${String(app.maxPayloadBytes)} bytes`, code: null };
  }
  return null;
}

function rateRefusal(app: App, subscriber: Subscriber): ProtocolError | null {
  const limit = app.maxClientEventsPerSecond;
  if (limit === Infinity) return null;
  subscriber.clientEvents ??= rateWindow();
  if (takePermits(subscriber.clientEvents, 1, limit, performance.now())) return null;
  return {
    message: `Client event rejected due to rate limit: at most ${String(limit)} a second`,
    code: ERROR.clientEventRate,
  };
}

function complain(subscriber: Subscriber, error: ProtocolError): void {
  sendTo(subscriber, errorFrame(error));
}
