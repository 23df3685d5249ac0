import type { ClientMessage } from './messages.ts';

type Fields = Readonly<Record<string, unknown>>;

const PING: ClientMessage = { type: 'ping' };
const PONG: ClientMessage = { type: 'pong' };

/**
 * Reads one text frame of a client. Never throws: what cannot be read is `invalid` with a sentence for its sender.
 * Pusher protocol, "Events"; SPEC.md F1–F6.
 */
export function decodeClientFrame(text: string): ClientMessage {
  const frame = parseObject(text);
  if (frame === null) return invalid('Received invalid JSON: a frame is one JSON object');
  const event = frame['event'];
  if (typeof event !== 'string' || event === '') return invalid('Received a frame without an event name');
  if (event.startsWith('client-')) return decodeClientEvent(event, frame);
  switch (event) {
    case 'pusher:ping':
      return PING;
    case 'pusher:pong':
      return PONG;
    case 'pusher:subscribe':
      return decodeSubscribe(dataOf(frame));
    case 'pusher:unsubscribe':
      return decodeUnsubscribe(dataOf(frame));
    case 'pusher:signin':
      return decodeSignIn(dataOf(frame));
    default:
      return invalid(
        event.startsWith('pusher:') || event.startsWith('pusher_internal:')
          ? `Unknown event ${shorten(event)}`
          : `Client event rejected - the name of a client event starts with client-, this one is ${shorten(event)}`,
      );
  }
}

function decodeSubscribe(data: Fields | null): ClientMessage {
  const channel = data?.['channel'];
  const auth = data?.['auth'] ?? '';
  const channelData = data?.['channel_data'] ?? null;
  if (typeof channel !== 'string') return invalid('pusher:subscribe needs data.channel, a string');
  if (typeof auth !== 'string') return invalid('pusher:subscribe: data.auth is a string');
  if (channelData !== null && typeof channelData !== 'string') {
    return invalid('pusher:subscribe: data.channel_data is a string of JSON');
  }
  return { type: 'subscribe', channel, auth, channelData };
}

function decodeUnsubscribe(data: Fields | null): ClientMessage {
  const channel = data?.['channel'];
  if (typeof channel !== 'string') return invalid('pusher:unsubscribe needs data.channel, a string');
  return { type: 'unsubscribe', channel };
}

function decodeSignIn(data: Fields | null): ClientMessage {
  const auth = data?.['auth'];
  const userData = data?.['user_data'];
  if (typeof auth !== 'string' || typeof userData !== 'string') {
    return invalid('pusher:signin needs data.auth and data.user_data, two strings');
  }
  return { type: 'signin', auth, userData };
}

function decodeClientEvent(event: string, frame: Fields): ClientMessage {
  const channel = frame['channel'];
  if (typeof channel !== 'string') return invalid('Client event rejected - it names no channel');
  return { type: 'client-event', event, channel, data: jsonText(frame['data']) };
}

/** Native client libraries expect a string, so every other value travels as its JSON text (SPEC.md E5). */
function jsonText(data: unknown): string | null {
  if (data === undefined) return null;
  return typeof data === 'string' ? data : JSON.stringify(data);
}

/** The `data` of a `pusher:` frame; older libraries send it as a string of JSON. */
function dataOf(frame: Fields): Fields | null {
  const data = frame['data'];
  if (typeof data === 'string') return parseObject(data);
  return isFields(data) ? data : null;
}

/** Parses a text that must be one JSON object; `null` when it is anything else. */
export function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): ClientMessage {
  return { type: 'invalid', message };
}

const SHOWN_LENGTH = 60;

/** Cuts what a client sent to a length that is fit for an answer or a log line. */
export function shorten(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
