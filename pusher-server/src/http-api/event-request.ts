import type { App } from '../apps/app.ts';
import { isChannelName } from '../protocol/channel-name.ts';
import { parseObject, shorten } from '../protocol/codec.ts';
import { badRequest, RestError } from './errors.ts';
import type { Parameters } from './query.ts';

/** One event to be published, checked against the app's limits. */
export interface EventRequest {
  readonly name: string;
  readonly data: string;
  /** Without repetitions. */
  readonly channels: readonly string[];
  /** The connection that does not get it. */
  readonly socketId: string | null;
  readonly info: readonly InfoAttribute[];
}

/** What may be asked about channels. SPEC.md H12. */
export type InfoAttribute = 'user_count' | 'subscription_count' | 'cache';

const SOCKET_ID = /^\d+\.\d+$/;
const NO_INFO: readonly InfoAttribute[] = [];

type Fields = Readonly<Record<string, unknown>>;

/** Reads a JSON body, or the query where there is no body. */
export function bodyFields(body: Buffer, parameters: Parameters): Fields {
  if (body.length > 0) {
    const fields = parseObject(body.toString());
    if (fields === null) throw badRequest('The request body is not a JSON object');
    return fields;
  }
  const channels = parameters.get('channels');
  const fields = Object.fromEntries(parameters);
  return channels === undefined ? fields : { ...fields, channels: channels.split(',') };
}

/** Decodes the body of `POST /events`. Throws 400, or 413 for data over the app's limit. */
export function decodeEvent(app: App, fields: Fields): EventRequest {
  return decode(app, fields, decodeChannels(app, fields));
}

/** Decodes the body of `POST /batch_events`: every item or none. */
export function decodeBatch(app: App, fields: Fields): readonly EventRequest[] {
  const batch = fields['batch'];
  if (!Array.isArray(batch)) throw badRequest('batch must be an array of events');
  if (batch.length > app.maxBatchSize) {
    throw badRequest(
      `Batch too large: ${String(batch.length)} events, at most ${String(app.maxBatchSize)} are allowed`,
    );
  }
  return batch.map((event: unknown, index) => {
    if (!hasFields(event)) throw badRequest(`batch[${String(index)}] must be an object`);
    // Taking no notice of it would let its sender believe that a repeat is harmless.
    if (event['idempotency_key'] !== undefined) {
      throw badRequest('idempotency_key stands beside batch, not inside its items: a batch is published whole or not');
    }
    return decode(app, event, [checkedChannel(app, event['channel'])]);
  });
}

function hasFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function decode(app: App, fields: Fields, channels: readonly string[]): EventRequest {
  const socketId = fields['socket_id'] ?? null;
  if (socketId !== null && (typeof socketId !== 'string' || !SOCKET_ID.test(socketId))) {
    throw badRequest('Invalid socket_id: it has the form 123.456');
  }
  return {
    name: checkedName(app, fields['name']),
    data: checkedData(app, fields['data']),
    channels,
    socketId,
    info: fields['info'] === undefined ? NO_INFO : parseInfo(fields['info']),
  };
}

function decodeChannels(app: App, fields: Fields): readonly string[] {
  const { channels, channel } = { channels: fields['channels'], channel: fields['channel'] };
  if (channels === undefined) return [checkedChannel(app, channel)];
  if (!Array.isArray(channels) || channels.length === 0) throw badRequest('channels must be an array of channel names');
  if (channels.length > app.maxChannelsPerEvent) {
    throw badRequest(`Too many channels: at most ${String(app.maxChannelsPerEvent)} are allowed for one event`);
  }
  const names = channels.map((name: unknown) => checkedChannel(app, name));
  return names.length === 1 ? names : [...new Set(names)];
}

function checkedChannel(app: App, name: unknown): string {
  if (typeof name !== 'string') throw badRequest('Missing channel: an event needs channels or channel');
  if (!isChannelName(name, app.maxChannelNameLength)) throw badRequest(`Invalid channel name: ${shorten(name)}`);
  return name;
}

function checkedName(app: App, name: unknown): string {
  if (typeof name !== 'string' || name === '') throw badRequest('Missing name: an event needs a name, a string');
  if (name.length > app.maxEventNameLength) {
    throw badRequest(`Too long event name: at most ${String(app.maxEventNameLength)} characters are allowed`);
  }
  if (name.startsWith('pusher:') || name.startsWith('pusher_internal:')) {
    throw badRequest('Invalid event name: names that begin with pusher: or pusher_internal: are reserved');
  }
  return name;
}

function checkedData(app: App, data: unknown): string {
  if (typeof data !== 'string') throw badRequest('Missing data: an event needs data, a string');
  // Three bytes a UTF-16 unit at most: only what comes near the limit has to be measured.
  if (data.length * 3 > app.maxPayloadBytes && Buffer.byteLength(data) > app.maxPayloadBytes) {
    throw new RestError(
      413,
      `The data content of this event exceeds the allowed maximum (${String(app.maxPayloadBytes)} bytes)`,
    );
  }
  return data;
}

/** Reads a comma-separated `info`. Throws 400 on an attribute that does not exist. */
export function parseInfo(info: unknown): readonly InfoAttribute[] {
  if (typeof info !== 'string') throw badRequest('info must be a comma-separated string');
  return info
    .split(',')
    .map((attribute) => attribute.trim())
    .filter((attribute) => attribute !== '')
    .map((attribute) => {
      if (attribute === 'user_count' || attribute === 'subscription_count' || attribute === 'cache') return attribute;
      throw badRequest(`Unknown info attribute: ${shorten(attribute)}`);
    });
}
