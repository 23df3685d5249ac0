import http from 'node:http';
import https from 'node:https';
import Pusher from 'pusher';
import { z } from 'zod';
import { isEncryptedName } from './channel-names.ts';
import { postJson } from './signed-post.ts';

/** One event on one channel. */
export interface Trigger {
  channel: string;
  name: string;
  data: object;
}

/** What became of a batch. `refused`: it will never be taken as it is. `unavailable`: try the same again later. */
export type Delivery = { kind: 'sent' } | { kind: 'refused' | 'unavailable'; reason: string };

/** The realtime server's HTTP API, through the official library. */
export interface RealtimeServer {
  /** At most `MAX_BATCH` triggers, all or none. */
  send(triggers: readonly Trigger[]): Promise<Delivery>;
  /** The occupied channels whose names begin so. @throws when it cannot be asked */
  occupiedChannels(prefix: string): Promise<string[]>;
  /** @throws when it cannot be asked */
  isOccupied(channel: string): Promise<boolean>;
  /** Signs for a connection that subscribes; asks nobody. */
  authorizeChannel(socketId: string, channel: string): { auth: string; shared_secret?: string };
  authenticateUser(socketId: string, userId: string): { auth: string; user_data: string };
  close(): void;
}

export interface RealtimeServerSettings {
  appId: string;
  key: string;
  secret: string;
  host: string;
  port: number;
  scheme: 'http' | 'https';
  /** 32 random bytes: what `private-encrypted-` channels are encrypted with. */
  encryptionMasterKeyBase64: string;
}

export const MAX_BATCH = 10;

/** Well below the lease of a lane, so that a slow answer never outlives it. */
export const REQUEST_TIMEOUT_MS = 4000;

const MAX_SOCKETS = 32;

const channelsAnswer = z.object({ channels: z.record(z.string(), z.unknown()) });
const channelAnswer = z.object({ occupied: z.boolean() });

export function createRealtimeServer(settings: RealtimeServerSettings): RealtimeServer {
  const { appId, key, secret, host, encryptionMasterKeyBase64 } = settings;
  const Agent = settings.scheme === 'https' ? https.Agent : http.Agent;
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const pusher = new Pusher({
    appId,
    key,
    secret,
    host,
    port: String(settings.port),
    useTLS: settings.scheme === 'https',
    timeout: REQUEST_TIMEOUT_MS,
    agent,
    encryptionMasterKeyBase64,
  });

  /** As the library would, without its `fetch`, which takes longer than everything else about a request. */
  async function sendPlain(triggers: readonly Trigger[]): Promise<Delivery> {
    const path = `/apps/${appId}/batch_events`;
    const batch = triggers.map(({ channel, name, data }) => ({ channel, name, data: JSON.stringify(data) }));
    const body = JSON.stringify({ batch });
    const query = pusher.createSignedQueryString({ method: 'POST', path, body });
    const { scheme, port } = settings;
    const target = { scheme, host, port, agent, timeoutMs: REQUEST_TIMEOUT_MS };
    const { status, text } = await postJson(target, `${path}?${query}`, body);
    return status < 400 ? { kind: 'sent' } : notTaken(status, text);
  }

  /** The library encrypts, and writes what it encoded into what it is given. */
  async function sendEncrypted(triggers: readonly Trigger[]): Promise<Delivery> {
    const response = await pusher.triggerBatch(triggers.map((trigger) => ({ ...trigger })));
    // A connection is free for the next request only when its answer was read.
    await response.text();
    return { kind: 'sent' };
  }

  async function read<Answer>(
    path: string,
    params: Record<string, string>,
    answer: z.ZodType<Answer>,
  ): Promise<Answer> {
    const response = await pusher.get({ path, params });
    return answer.parse(await response.json());
  }

  return {
    async send(triggers) {
      try {
        const isEncrypted = triggers.some(({ channel }) => isEncryptedName(channel));
        return await (isEncrypted ? sendEncrypted(triggers) : sendPlain(triggers));
      } catch (error) {
        return failedDelivery(error);
      }
    },

    async occupiedChannels(prefix) {
      const { channels } = await read('/channels', prefix ? { filter_by_prefix: prefix } : {}, channelsAnswer);
      return Object.keys(channels);
    },

    async isOccupied(channel) {
      return (await read(`/channels/${channel}`, {}, channelAnswer)).occupied;
    },

    authorizeChannel: (socketId, channel) => pusher.authorizeChannel(socketId, channel),
    authenticateUser: (socketId, userId) => pusher.authenticateUser(socketId, { id: userId }),
    close: () => agent.destroy(),
  };
}

/** Statuses that speak of the moment or of our credentials, not of the event. */
const TRY_AGAIN = new Set([401, 408, 429]);

function notTaken(status: number, body: string): Delivery {
  const kind = status < 500 && !TRY_AGAIN.has(status) ? 'refused' : 'unavailable';
  return { kind, reason: `status ${status}: ${body.slice(0, 500)}` };
}

/** Never `error.url` of the library: it carries the key and the signature. */
function failedDelivery(error: unknown): Delivery {
  if (!(error instanceof Pusher.RequestError)) return { kind: 'unavailable', reason: networkReason(error) };
  const { status, body } = error;
  if (status !== undefined) return notTaken(status, body ?? '');
  return { kind: 'unavailable', reason: networkReason('error' in error ? error.error : null) };
}

function networkReason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no answer';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : `${cause.name}: ${cause.message}`;
}
