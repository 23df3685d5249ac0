import type Pusher from 'pusher';
import PusherClient8 from 'pusher-js';
import PusherClient4 from 'pusher-js-4';
import PusherClient7 from 'pusher-js-7';
import { vi } from 'vitest';
import { z } from 'zod';
import { APP } from '../start.ts';

// pusher-js 4 looks at it before it makes an encrypted channel, and Node 20 has none.
if (typeof navigator === 'undefined') vi.stubGlobal('navigator', { product: 'Node' });

type Callback = (data: unknown, metadata?: unknown) => void;

/** Whatever calls back by name: a channel, a connection, a user. */
interface Emitter {
  bind(event: string, callback: Callback): unknown;
  unbind(event: string, callback: Callback): unknown;
}

export interface ClientChannel extends Emitter {
  trigger(event: string, data: unknown): boolean;
}

/** What every version of the official client can do. */
export interface Client {
  readonly connection: Emitter & { readonly state: string; readonly socket_id: string };
  subscribe(name: string): ClientChannel;
  unsubscribe(name: string): void;
  disconnect(): void;
}

/** What those from 7.1 on can do besides. */
export interface SigningClient extends Client {
  signin(): void;
  readonly user: Emitter & { readonly user_data: unknown; readonly signinDonePromise: Promise<unknown> };
}

/** Who a client is, and who vouches for it: the official server library, signing with some secret. */
export interface Identity {
  readonly rest: Pusher;
  readonly user: string;
  readonly port: number;
  /** Another app key than the test's own. */
  readonly key?: string;
  /** How it connects; a WebSocket, by default. */
  readonly transport?: 'ws' | 'xhr_streaming' | 'xhr_polling';
  /** Presence channels are joined as the signed-in user, without `channel_data`. */
  readonly joinsAsSignedIn?: boolean;
}

/** What the app's back end answers to a client that asks for a channel. */
function channelAuth({ rest, user, joinsAsSignedIn }: Identity, socketId: string, channel: string) {
  const member =
    channel.startsWith('presence-') && joinsAsSignedIn !== true
      ? { user_id: user, user_info: { name: user } }
      : undefined;
  return rest.authorizeChannel(socketId, channel, member);
}

/** Where the server is, and how to get there. */
function address({ port, transport = 'ws' }: Identity) {
  const [wsHost, httpHost] = ['127.0.0.1', '127.0.0.1'];
  return { wsHost, wsPort: port, httpHost, httpPort: port, forceTLS: false, enabledTransports: [transport] };
}

function optionsSince7(identity: Identity) {
  const { rest, user } = identity;
  return {
    ...address(identity),
    cluster: 'none',
    channelAuthorization: {
      transport: 'ajax' as const,
      endpoint: '',
      customHandler: (
        { socketId, channelName }: { socketId: string; channelName: string },
        done: (error: null, answer: ReturnType<typeof channelAuth>) => void,
      ) => done(null, channelAuth(identity, socketId, channelName)),
    },
    userAuthentication: {
      transport: 'ajax' as const,
      endpoint: '',
      customHandler: (
        { socketId }: { socketId: string },
        done: (error: null, answer: { auth: string; user_data: string }) => void,
      ) => done(null, rest.authenticateUser(socketId, { id: user, user_info: { name: user } })),
    },
  };
}

export function openClient8(identity: Identity) {
  return new PusherClient8(identity.key ?? APP.key, optionsSince7(identity));
}

function openClient7(identity: Identity) {
  return new PusherClient7(identity.key ?? APP.key, optionsSince7(identity));
}

function openClient4(identity: Identity) {
  return new PusherClient4(identity.key ?? APP.key, {
    ...address(identity),
    // Else it reports to its maker, over the Internet.
    disableStats: true,
    authorizer: (channel) => ({
      authorize: (socketId, callback) => callback(false, channelAuth(identity, socketId, channel.name)),
    }),
  });
}

export const CLIENTS: readonly { readonly version: string; readonly open: (identity: Identity) => Client }[] = [
  { version: '8.6', open: openClient8 },
  { version: '7.6', open: openClient7 },
  { version: '4.4', open: openClient4 },
];

/** Those that know sign-in, users and subscription counts. */
export const SIGNING_CLIENTS: readonly {
  readonly version: string;
  readonly open: (identity: Identity) => SigningClient;
}[] = [
  { version: '8.6', open: openClient8 },
  { version: '7.6', open: openClient7 },
];

/** The payload of the next event of this name. */
export function once(emitter: Emitter, event: string): Promise<unknown> {
  return new Promise((resolve) => {
    const take = (data: unknown) => {
      emitter.unbind(event, take);
      resolve(data);
    };
    emitter.bind(event, take);
  });
}

const told = z.object({ code: z.number().nullable() });
const errorSchema = z.union([
  z.object({ data: told }).transform(({ data }) => data.code),
  z.object({ error: z.object({ data: told }) }).transform(({ error }) => error.data.code),
]);

/** The code in what a connection tells its `error` listeners; versions and close codes wrap it differently. */
export function codeOf(error: unknown): number | null {
  return errorSchema.parse(error);
}

/** Subscribes, and resolves when the server has said yes. */
export async function joined(client: Client, name: string): Promise<ClientChannel> {
  const channel = client.subscribe(name);
  await once(channel, 'pusher:subscription_succeeded');
  return channel;
}
