import type Pusher from 'pusher-js';
import type { Channel } from 'pusher-js';
import type { ApiRealtime } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { retryDelay } from '../retry-delay.ts';

export interface RealtimeDeps {
  client: typeof Pusher;
  settings: ApiRealtime;
  token: () => string;
  /** Each event of the subscribed channels. */
  event: (name: string, data: unknown) => void;
  /** True from the moment that the visitor's own channel is subscribed until the connection breaks. */
  live: (live: boolean) => void;
}

/** A page that sleeps or changes networks must notice soon: shorter than the server asks for. */
const ACTIVITY_TIMEOUT_MS = 30_000;
const PONG_TIMEOUT_MS = 10_000;
/** How long an attempt may take before a new one begins; grows, so that slow networks get there too. */
const FIRST_ATTEMPT_MS = 3000;
const LONGEST_ATTEMPT_MS = 20_000;

/**
 * The connection to the realtime server through the official client, kept alive harder than the client does itself:
 * alone it waits up to a minute between attempts, gives up for good on some close codes, and never retries a refused
 * subscription.
 */
export class RealtimeLink {
  readonly #deps: RealtimeDeps;
  readonly #pusher: Pusher;
  #own: Channel | null = null;
  #agent: Channel | null = null;
  #talk: Channel | null = null;
  #live = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(deps: RealtimeDeps) {
    this.#deps = deps;
    const { key, host, port, scheme } = deps.settings;
    this.#pusher = new deps.client(key, {
      cluster: '',
      wsHost: host,
      wsPort: port,
      wssPort: port,
      forceTLS: scheme === 'https',
      enabledTransports: ['ws', 'wss'],
      activityTimeout: ACTIVITY_TIMEOUT_MS,
      pongTimeout: PONG_TIMEOUT_MS,
      channelAuthorization: {
        transport: 'ajax',
        endpoint: '/pusher/auth',
        headersProvider: () => ({ Authorization: `Bearer ${deps.token()}` }),
      },
    });
    this.#pusher.connection.bind('state_change', () => this.#update());
    this.#supervise();
  }

  /** Subscribes to the visitor's own channel, that of the agent's presence and that of both sides, and leaves others. */
  listen(own: string, agent: string | null, talk: string | null): void {
    this.#own = this.#swap(this.#own, own);
    this.#agent = this.#swap(this.#agent, agent);
    this.#talk = this.#swap(this.#talk, talk);
    this.#update();
  }

  /** Says something to the other side alone, if it can be said now. */
  trigger(event: string, data: object): void {
    if (this.#live && this.#talk?.subscribed) this.#talk.trigger(event, data);
  }

  /** Tries at once: the network came back, or the visitor did. */
  wake(): void {
    if (this.#closed || this.#live) return;
    this.#attempt = 0;
    this.#again();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#pusher.disconnect();
  }

  #swap(before: Channel | null, name: string | null): Channel | null {
    if (before?.name === name) return before;
    if (before) {
      before.unbind();
      this.#pusher.unsubscribe(before.name);
    }
    if (name === null) return null;
    const channel = this.#pusher.subscribe(name);
    channel.bind_global((event: string, data: unknown) => {
      if (event.startsWith('pusher:')) this.#update();
      else this.#deps.event(event, data);
    });
    return channel;
  }

  #update(): void {
    const live = this.#pusher.connection.state === 'connected' && this.#own?.subscribed === true;
    if (this.#closed || live === this.#live) return;
    this.#live = live;
    if (live) this.#attempt = 0;
    this.#supervise();
    this.#deps.live(live);
  }

  /** While not live, an attempt that has not led there in its time is given up for a new one. */
  #supervise(): void {
    clearTimeout(this.#timer);
    const waiting = !this.#live || this.#others().some(({ subscribed }) => !subscribed);
    if (this.#closed || !waiting) return;
    const delay = retryDelay(this.#attempt, FIRST_ATTEMPT_MS, LONGEST_ATTEMPT_MS);
    this.#timer = setTimeout(() => this.#again(), delay);
  }

  #others(): Channel[] {
    return [this.#agent, this.#talk].filter((channel) => channel !== null);
  }

  #again(): void {
    this.#attempt += 1;
    if (this.#pusher.connection.state !== 'connected') {
      this.#pusher.disconnect();
      this.#pusher.connect();
    } else {
      for (const channel of [this.#own, ...this.#others()]) if (channel && !channel.subscribed) channel.subscribe();
    }
    this.#supervise();
  }
}
