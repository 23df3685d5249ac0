import type PusherType from 'pusher-js';
import type { ChannelAuthorizationCallback } from 'pusher-js';
import type { ApiMe } from '../../../src/front-doors/console-api/wire.ts';
import { isTransient } from './api-error.ts';
import { backoffMs } from './backoff.ts';
import type { ChannelAuthorization } from './console-api.ts';
import { decodeRealtimeEvent, decodeTalkEvent, type ChannelRole, type RealtimeEvent } from './realtime-events.ts';
import { createTalkChannels, type TalkChannels } from './talk-channels.ts';
import { createTimers } from './timers.ts';

export interface RealtimeListener {
  onEvent(event: RealtimeEvent): void;
  /** Each event as it came, whether it means something to `onEvent` or not: calls have events of their own. */
  onSignal(name: string, data: unknown): void;
  /** True once connected and in every channel: from then on nothing is missed. False as soon as that is not so. */
  onLive(live: boolean): void;
}

export interface RealtimeClient {
  readonly talks: TalkChannels;
  /** Tries at once instead of at the next attempt; for when the network came back. */
  hurry(): void;
  close(): void;
}

type Address = Pick<ApiMe, 'pusher' | 'channels'>;
type Authorize = (socketId: string, channelName: string) => Promise<ChannelAuthorization>;

/** A connection that is silent for this long is asked whether it still lives; it has `PONG_MS` to answer. */
const ACTIVITY_MS = 20_000;
const PONG_MS = 6_000;

/**
 * Joins the agent's three channels, and those of conversations as asked, and stays joined. pusher-js waits up to a minute between attempts at a server that
 * refuses connections, and gives up a channel whose authorization failed once; both are tried again here with back-off.
 */
export function createRealtimeClient(
  address: Address,
  authorize: Authorize,
  listener: RealtimeListener,
): RealtimeClient {
  const roles = new Map<string, ChannelRole>([
    [address.channels.own, 'own'],
    [address.channels.notices, 'notices'],
    [address.channels.business, 'business'],
  ]);
  const joined = new Set<ChannelRole>();
  const timers = createTimers();
  const talks = createTalkChannels(timers, (conversationId, name, data) => {
    listener.onSignal(name, data);
    const decoded = decodeTalkEvent(conversationId, name, data);
    if (decoded !== null) listener.onEvent(decoded);
  });
  let pusher: PusherType | null = null;
  let closed = false;
  let live = false;
  let failures = 0;
  let cancelAttempt = () => {};

  function tell(): void {
    const now = !closed && pusher?.connection.state === 'connected' && joined.size === roles.size;
    if (now === live) return;
    live = now;
    listener.onLive(now);
  }

  /** An attempt that hangs, or that was refused and would not be repeated for long, is begun anew. */
  function watchAttempt(): void {
    failures += 1;
    cancelAttempt();
    cancelAttempt = timers.later(1000 + backoffMs(failures, Math.random()), connectAgain);
  }

  function connectAgain(): void {
    if (closed || pusher === null || pusher.connection.state === 'connected') return;
    pusher.disconnect();
    pusher.connect();
    watchAttempt();
  }

  /** Null when the connection that asked is gone: the next one asks for itself. */
  async function authorizePatiently(socketId: string, channelName: string): Promise<ChannelAuthorization | null> {
    for (let attempt = 1; pusher?.connection.socket_id === socketId; attempt += 1) {
      try {
        const answer = await authorize(socketId, channelName);
        return pusher.connection.socket_id === socketId ? answer : null;
      } catch (error) {
        if (!isTransient(error)) throw error;
        await new Promise<void>((resolve) => timers.later(backoffMs(attempt, Math.random()), resolve));
      }
    }
    return null;
  }

  function authorizeFor(
    params: { socketId: string; channelName: string },
    callback: ChannelAuthorizationCallback,
  ): void {
    authorizePatiently(params.socketId, params.channelName).then(
      (answer) => {
        if (answer !== null) callback(null, answer);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  }

  function join(client: PusherType, name: string, role: ChannelRole, refusals: number): void {
    const channel = client.subscribe(name);
    channel.bind('pusher:subscription_succeeded', () => {
      joined.add(role);
      tell();
    });
    channel.bind('pusher:subscription_error', () => {
      timers.later(backoffMs(refusals + 1, Math.random()), () => {
        if (joined.has(role)) return;
        channel.unbind();
        client.unsubscribe(name);
        join(client, name, role, refusals + 1);
      });
    });
    channel.bind_global((event: string, data: unknown) => {
      if (!event.startsWith('pusher:')) listener.onSignal(event, data);
      const decoded = decodeRealtimeEvent(role, event, data);
      if (decoded !== null) listener.onEvent(decoded);
    });
  }

  async function start(): Promise<void> {
    const { default: Pusher } = address.pusher.encrypted
      ? await import('pusher-js/with-encryption')
      : await import('pusher-js');
    if (closed) return;
    const { key, host, port, scheme } = address.pusher;
    const client = new Pusher(key, {
      cluster: '',
      wsHost: host,
      wsPort: port,
      wssPort: port,
      forceTLS: scheme === 'https',
      enabledTransports: ['ws', 'wss'],
      disableStats: true,
      activityTimeout: ACTIVITY_MS,
      pongTimeout: PONG_MS,
      channelAuthorization: { customHandler: authorizeFor },
    });
    pusher = client;
    client.connection.bind('state_change', ({ previous, current }: { previous: string; current: string }) => {
      if (current === 'connected') {
        failures = 0;
        cancelAttempt();
      } else {
        joined.clear();
        if (previous === 'connected' && !closed) watchAttempt();
      }
      tell();
    });
    for (const [name, role] of roles) join(client, name, role, 0);
    talks.connect(client);
    watchAttempt();
  }

  function startPatiently(attempt: number): void {
    start().catch(() => {
      // The script did not load. Until it does, the console lives on by asking again and again.
      timers.later(backoffMs(attempt, Math.random()), () => startPatiently(attempt + 1));
    });
  }
  startPatiently(1);

  return {
    talks: talks.channels,
    hurry: connectAgain,
    close() {
      closed = true;
      timers.close();
      pusher?.disconnect();
    },
  };
}
