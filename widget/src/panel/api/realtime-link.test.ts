import type Pusher from 'pusher-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RealtimeLink } from './realtime-link.ts';

type Listener = (event: string, data?: unknown) => void;

/** What the link uses of the official client, moved by hand. */
class Client {
  static readonly made: Client[] = [];
  readonly calls: string[] = [];
  readonly channels = new Map<string, ReturnType<Client['subscribe']>>();
  readonly #listeners: (() => void)[] = [];
  readonly connection = {
    state: 'connecting',
    bind: (_: string, listener: () => void) => this.#listeners.push(listener),
  };

  constructor() {
    Client.made.push(this);
  }

  becomes(state: string): void {
    this.connection.state = state;
    for (const channel of this.channels.values()) channel.subscribed = false;
    for (const listener of this.#listeners) listener();
  }

  connect(): void {
    this.calls.push('connect');
  }

  disconnect(): void {
    this.calls.push('disconnect');
  }

  subscribe(name: string) {
    const listeners: Listener[] = [];
    const channel = {
      name,
      subscribed: false,
      subscribe: () => this.calls.push(`subscribe ${name}`),
      unbind: () => listeners.splice(0),
      bind_global: (listener: Listener) => listeners.push(listener),
      hears: (event: string, data?: unknown) => listeners.forEach((listener) => listener(event, data)),
    };
    this.channels.set(name, channel);
    return channel;
  }

  unsubscribe(name: string): void {
    this.calls.push(`unsubscribe ${name}`);
  }
}

let client: Client;
let link: RealtimeLink;
let live: boolean[];
let heard: unknown[];

/** The server lets us into a channel. */
function admitted(name: string): void {
  const channel = client.channels.get(name);
  if (!channel) throw new Error(`nobody asked for ${name}`);
  channel.subscribed = true;
  channel.hears('pusher:subscription_succeeded');
}

beforeEach(() => {
  vi.useFakeTimers();
  live = [];
  heard = [];
  link = new RealtimeLink({
    client: Client as unknown as typeof Pusher,
    settings: { key: 'k', host: '127.0.0.1', port: 6001, scheme: 'http', encrypted: false },
    token: () => 't',
    event: (name, data) => heard.push([name, data]),
    live: (now) => live.push(now),
  });
  client = Client.made.at(-1) as Client;
  link.listen('private-cu1', null, null);
});
afterEach(() => vi.useRealTimers());

describe('the link to the realtime server', () => {
  it('is live with the subscription, not with the connection', () => {
    client.becomes('connected');
    expect(live).toEqual([]);
    admitted('private-cu1');
    expect(live).toEqual([true]);
    client.channels.get('private-cu1')?.hears('my-event', { message: 1 });
    expect(heard).toEqual([['my-event', { message: 1 }]]);
    client.becomes('connecting');
    expect(live).toEqual([true, false]);
  });

  it('begins a new attempt where the client would wait, or has given up', () => {
    client.becomes('disconnected');
    vi.advanceTimersByTime(4000);
    expect(client.calls).toEqual(['disconnect', 'connect']);
    vi.advanceTimersByTime(60_000);
    expect(client.calls.length).toBeGreaterThanOrEqual(6);
    client.becomes('connected');
    admitted('private-cu1');
    const { length } = client.calls;
    vi.advanceTimersByTime(600_000);
    expect(client.calls).toHaveLength(length);
  });

  it('asks again for a subscription that was refused', () => {
    client.becomes('connected');
    client.channels.get('private-cu1')?.hears('pusher:subscription_error', { status: 500 });
    vi.advanceTimersByTime(4000);
    expect(client.calls).toEqual(['subscribe private-cu1']);
  });

  it('follows the visitor to another agent', () => {
    link.listen('private-cu1', 'private-se7', null);
    link.listen('private-cu1', 'private-se8', null);
    expect(client.calls).toEqual(['unsubscribe private-se7']);
    expect([...client.channels.keys()]).toEqual(['private-cu1', 'private-se7', 'private-se8']);
  });

  it('tries at once when woken', () => {
    link.wake();
    expect(client.calls).toEqual(['disconnect', 'connect']);
  });

  it('is quiet once closed', () => {
    link.close();
    client.becomes('disconnected');
    link.wake();
    vi.advanceTimersByTime(600_000);
    expect(client.calls).toEqual(['disconnect']);
    expect(live).toEqual([]);
  });
});
