import type { App } from '../apps/app.ts';
import { CHANNEL_RULES } from '../channels/channel-kind.ts';
import { channelRef, type AppChannels } from '../channels/channel-registry.ts';
import { publishLocally } from '../channels/publish.ts';
import type { Subscriber } from '../channels/subscriber.ts';
import { cutText } from '../feed/feed-event.ts';
import { channelKind } from '../protocol/channel-name.ts';
import { eventParts } from '../protocol/frames.ts';
import type { RestReply } from '../transport/uws-http.ts';
import { channelInfo } from './channel-info.ts';
import type { RestDependencies, SignedRequest } from './context.ts';
import { bodyFields, decodeBatch, decodeEvent, type EventRequest } from './event-request.ts';
import { idempotencyKey, once } from './idempotency.ts';
import { withEventPermits } from './permits.ts';
import { DONE, ok } from './reply.ts';

/** `POST /apps/:id/events`: one event on up to 100 channels. SPEC.md H8–H11. */
export function postEvents(deps: RestDependencies, request: SignedRequest): RestReply | Promise<RestReply> {
  const { app } = request;
  const fields = bodyFields(request.body, request.parameters);
  const event = decodeEvent(app, fields);
  return once(deps, app.id, idempotencyKey(fields), event, () =>
    withEventPermits(deps, app, 1, () => {
      publishEvent(deps, app, event);
      deps.publishLag.observe(app.id, request.receivedAt);
      return event.info.length === 0 ? DONE : eventInfo(deps, app, event);
    }),
  );
}

/** `POST /apps/:id/batch_events`: up to 10 events, all of them or none. */
export function postBatchEvents(deps: RestDependencies, request: SignedRequest): RestReply | Promise<RestReply> {
  const { app } = request;
  const fields = bodyFields(request.body, request.parameters);
  const events = decodeBatch(app, fields);
  return once(deps, app.id, idempotencyKey(fields), events, () =>
    withEventPermits(deps, app, events.length, () => {
      for (const event of events) publishEvent(deps, app, event);
      deps.publishLag.observe(app.id, request.receivedAt);
      return events.every((event) => event.info.length === 0) ? DONE : batchInfo(deps, app, events);
    }),
  );
}

/** `POST /apps/:id/channels/:name/events`, deprecated: the body itself is the data. */
export function postChannelEvent(deps: RestDependencies, request: SignedRequest): RestReply | Promise<RestReply> {
  const { app, parameters, body } = request;
  const event = decodeEvent(app, {
    name: parameters.get('name'),
    channel: request.path[0],
    data: body.toString(),
    socket_id: parameters.get('socket_id'),
  });
  return withEventPermits(deps, app, 1, () => {
    publishEvent(deps, app, event);
    deps.publishLag.observe(app.id, request.receivedAt);
    return { ...DONE, status: 202 };
  });
}

function publishEvent(deps: RestDependencies, app: App, event: EventRequest): void {
  const channels = deps.channels.of(app.id);
  const except = event.socketId === null ? null : deps.findSubscriber(app.id, event.socketId);
  const parts = eventParts(event.name, event.data);
  for (const name of event.channels) {
    publishTo(deps, app, channels, name, `${parts.head}${name}${parts.tail}`, event, except);
  }
  channels.feed?.tell({
    event: 'api_event',
    channels: event.channels,
    name: event.name,
    socket_id: event.socketId,
    data: cutText(event.data),
  });
}

function publishTo(
  deps: RestDependencies,
  app: App,
  channels: AppChannels,
  name: string,
  frame: string,
  event: EventRequest,
  except: Subscriber | null,
): void {
  const channel = channels.byName.get(name);
  const rules = channel?.rules ?? CHANNEL_RULES[channelKind(name)];
  const ref = channel ?? channelRef(app.id, name);
  if (rules.cache) {
    deps.cluster.remember(ref, { frame, data: event.data }, app.settings.cacheTtlSeconds * 1_000);
    if (channel !== undefined) channel.appEvents += 1;
  }
  if (channel !== undefined) publishLocally(deps.broadcaster, channels, channel, frame, except);
  deps.cluster.relay(ref, frame, event.socketId);
}

async function eventInfo(deps: RestDependencies, app: App, event: EventRequest): Promise<RestReply> {
  const infos = await Promise.all(event.channels.map((name) => channelInfo(deps, app, name, event.info)));
  return ok({ channels: Object.fromEntries(event.channels.map((name, index) => [name, infos[index]])) });
}

async function batchInfo(deps: RestDependencies, app: App, events: readonly EventRequest[]): Promise<RestReply> {
  const batch = await Promise.all(events.map((event) => channelInfo(deps, app, event.channels[0] ?? '', event.info)));
  return ok({ batch });
}
