import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import Pusher from 'pusher';
import { z } from 'zod';
import {
  RealtimeRefused,
  RealtimeUnavailable,
  type RealtimeInspector,
} from '../front-doors/console-api/realtime-inspector.ts';
import type { ApiRealtimeChannel } from '../front-doors/console-api/wire-realtime.ts';
import { REQUEST_TIMEOUT_MS, type RealtimeServerSettings } from './realtime-server.ts';

/** The inspector, and the end of every stream that it has open. */
export type ClosableInspector = RealtimeInspector & { close(): void };

const MAX_SOCKETS = 8;
/** More channels than a person looks through; the prefix narrows them down. */
const MOST_CHANNELS = 1_000;

const connectionsAnswer = z.object({
  connections: z.array(
    z.object({
      socket_id: z.string(),
      user_id: z.string().nullable(),
      connected_at: z.string(),
      client: z.string(),
      origin: z.string(),
      channels: z.array(z.string()),
      channel_count: z.number(),
    }),
  ),
  total: z.number(),
  next: z.number().nullable(),
});
const channelsAnswer = z.object({
  channels: z.record(
    z.string(),
    z.object({ user_count: z.number().optional(), subscription_count: z.number().optional() }),
  ),
});
const usersAnswer = z.object({ users: z.array(z.object({ id: z.string() })) });
const deliveriesAnswer = z.object({
  deliveries: z.array(
    z.object({
      time: z.string(),
      url: z.string(),
      delivery_id: z.string(),
      attempt: z.number(),
      duration_ms: z.number(),
      status: z.number().nullable(),
      error: z.string().nullable(),
      event_count: z.number(),
      event_names: z.array(z.string()),
    }),
  ),
});

/** Asks the realtime server about our app, with its key and secret. */
export function createRealtimeInspector(settings: RealtimeServerSettings): ClosableInspector {
  const { appId, key, secret, host, port, scheme, encryptionMasterKeyBase64 } = settings;
  const Agent = scheme === 'https' ? https.Agent : http.Agent;
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const useTLS = scheme === 'https';
  const timeout = REQUEST_TIMEOUT_MS;
  const pusher = new Pusher({
    appId,
    key,
    secret,
    host,
    port: String(port),
    useTLS,
    timeout,
    agent,
    encryptionMasterKeyBase64,
  });
  const closing = new AbortController();

  async function read<Answer>(path: string, params: Record<string, string>, answer: z.ZodType<Answer>) {
    try {
      const response = await pusher.get({ path, params });
      return answer.parse(await response.json());
    } catch (cause) {
      throw new RealtimeUnavailable('The realtime server does not answer as it should', { cause });
    }
  }

  async function countedChannels(prefix: string, info: string): Promise<[string, ApiRealtimeChannel][]> {
    const { channels } = await read('/channels', { filter_by_prefix: prefix, info }, channelsAnswer);
    return Object.entries(channels).map(([name, { subscription_count, user_count }]) => [
      name,
      { name, subscriptions: subscription_count ?? null, users: user_count ?? null },
    ]);
  }

  return {
    async connections(before, limit) {
      const params = { limit: String(limit), ...(before === null ? {} : { before }) };
      const { connections, total, next } = await read('/connections', params, connectionsAnswer);
      const items = connections.map((each) => ({
        socketId: each.socket_id,
        userId: each.user_id,
        connectedAt: each.connected_at,
        client: each.client,
        origin: each.origin,
        channels: each.channels,
        channelCount: each.channel_count,
      }));
      return { items, total, next: next === null ? null : String(next) };
    },

    async channels(prefix) {
      // Users are counted on presence channels alone, and only a prefix of theirs may ask for them.
      const presence = 'presence-'.startsWith(prefix) ? 'presence-' : prefix;
      const [all, withUsers] = await Promise.all([
        countedChannels(prefix, 'subscription_count'),
        presence.startsWith('presence-') ? countedChannels(presence, 'user_count') : [],
      ]);
      const found = new Map([...all, ...withUsers]);
      const items = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      return { items: items.slice(0, MOST_CHANNELS), total: items.length };
    },

    async members(channel) {
      const { users } = await read(`/channels/${channel}/users`, {}, usersAnswer);
      return { items: users };
    },

    async deliveries(limit) {
      const { deliveries } = await read('/webhooks/deliveries', { limit: String(limit) }, deliveriesAnswer);
      const items = deliveries.map(({ time, url, attempt, status, error, ...each }) => ({
        time,
        url,
        deliveryId: each.delivery_id,
        attempt,
        durationMs: each.duration_ms,
        status,
        error,
        eventCount: each.event_count,
        eventNames: each.event_names,
      }));
      return { items };
    },

    async trigger(channel, name, data) {
      try {
        const response = await pusher.trigger(channel, name, contentFor(channel, data));
        await response.text();
      } catch (error) {
        throw refusalOf(error);
      }
    },

    async stream(longestMs) {
      const path = `/apps/${appId}/stream`;
      const query = pusher.createSignedQueryString({ method: 'GET', path, params: {} });
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(longestMs)]);
      const response = await fetch(`${scheme}://${host}:${port}${path}?${query}`, { signal }).catch(unavailable);
      if (!response.ok || response.body === null) throw new RealtimeUnavailable(`No stream: status ${response.status}`);
      return Readable.fromWeb(response.body as ReadableStream);
    },

    close() {
      closing.abort();
      agent.destroy();
    },
  };
}

function unavailable(cause: unknown): never {
  throw new RealtimeUnavailable('The realtime server cannot be reached', { cause });
}

/** The library encodes what it encrypts: JSON text would be encoded twice there. */
function contentFor(channel: string, data: string): unknown {
  if (!channel.startsWith('private-encrypted-')) return data;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    // No JSON: then it is a text, and encoded as one.
    return data;
  }
}

const refusal = z.object({ error: z.string() });

function refusalOf(error: unknown): Error {
  if (!(error instanceof Pusher.RequestError)) return new RealtimeRefused(error instanceof Error ? error.message : '');
  const { status, body } = error;
  const isOurs = status === 401 || status === 403 || status === 404;
  if (status === undefined || status >= 500 || status === 429 || isOurs) {
    return new RealtimeUnavailable(`The realtime server did not take it: ${status ?? 'no answer'}`, { cause: error });
  }
  return new RealtimeRefused(textOf(body));
}

function textOf(body: string | undefined): string {
  try {
    return refusal.parse(JSON.parse(body ?? '')).error;
  } catch {
    // Something between us and the server answered.
    return 'The realtime server refused it';
  }
}
