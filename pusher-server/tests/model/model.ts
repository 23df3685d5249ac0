import { Lines, eventLine, membersLine } from './lines.ts';
import type { Frame } from './steps.ts';

/** The limits that make a run meet them often; the server's app is given the same. */
export const MODEL_LIMITS = { maxMembers: 2, maxChannelsPerConnection: 4 } as const;

interface Place {
  /** On presence channels. */
  readonly user: string | null;
}

/** A connection as it should be: its user, its channels in the order of subscription, and what it should have heard. */
interface ModelConnection {
  readonly slot: number;
  user: string | null;
  readonly channels: Map<string, Place>;
  readonly heard: Lines;
}

/** What channels, presence, counts and webhooks are to be, by the rules of SPEC.md, in the plainest way. */
export class Model {
  readonly connections = new Map<number, ModelConnection>();
  /** Lines of webhook events. */
  readonly told = new Lines();
  readonly #infos = new Map<string, Map<string, string>>();
  /** The slots of every user's connections, in the order in which they signed in. */
  readonly #signedIn = new Map<string, Set<number>>();
  readonly #cache = new Map<string, string>();

  connect(slot: number): void {
    this.connections.set(slot, { slot, user: null, channels: new Map(), heard: new Lines() });
  }

  close(slot: number): void {
    const connection = this.connections.get(slot);
    if (connection === undefined) return;
    this.connections.delete(slot);
    this.#signedIn.get(connection.user ?? '')?.delete(slot);
    for (const [channel, place] of connection.channels) this.#leave(connection, channel, place);
  }

  receive(slot: number, frame: Frame): void {
    const connection = this.connections.get(slot);
    if (connection === undefined) return;
    switch (frame.kind) {
      case 'subscribe':
        this.#subscribe(connection, frame);
        return;
      case 'unsubscribe':
        this.#unsubscribe(connection, frame.channel);
        return;
      case 'client-event':
        this.#clientEvent(connection, frame.channel, textOf(frame.data));
        return;
      case 'sign-in':
        this.#signIn(connection, frame.user, frame.right);
        return;
      case 'nonsense':
        connection.heard.add('', 'error null');
        return;
      default:
        return frame satisfies never;
    }
  }

  /** An event through the REST API; nothing happens when one of the names is none. */
  publish(channels: readonly string[], data: string, except: number | null): void {
    for (const channel of channels) {
      const line = eventLine('hello', data, undefined);
      if (isCache(channel)) this.#cache.set(channel, line);
      for (const { heard } of this.#on(channel, except)) heard.add(channel, line);
    }
  }

  /** The slots of a user's connections in the order in which they are ended. */
  signedInAs(user: string): number[] {
    return [...(this.#signedIn.get(user) ?? [])];
  }

  /** Channels that somebody is on, with what the REST API counts on them. */
  occupied(): Record<string, { subscription_count: number } | { user_count: number }> {
    const names = new Set([...this.connections.values()].flatMap(({ channels }) => [...channels.keys()]));
    return Object.fromEntries(
      [...names]
        .filter((name) => !name.startsWith('#'))
        .map((name) => [
          name,
          isPresence(name)
            ? { user_count: this.members(name).length }
            : { subscription_count: this.#on(name, null).length },
        ]),
    );
  }

  members(channel: string): string[] {
    return [...(this.#infos.get(channel)?.keys() ?? [])];
  }

  #subscribe(connection: ModelConnection, { channel, signature, user }: Frame & { kind: 'subscribe' }): void {
    const refuse = (reason: string) => connection.heard.add(channel, `refused ${reason}`);
    if (channel.includes(' ')) return refuse('InvalidName 400');
    if (connection.channels.has(channel)) return connection.heard.add('', 'error null');
    if (connection.channels.size >= MODEL_LIMITS.maxChannelsPerConnection) return refuse('LimitReached 403');
    if (needsSignature(channel) && signature !== 'right') return refuse('AuthError 401');
    if (channel.startsWith('#') && channel !== `#server-to-user-${connection.user ?? ''}`)
      return refuse('AuthError 401');
    if (isPresence(channel)) this.#joinPresence(connection, channel, user ?? connection.user, refuse);
    else this.#joinPlain(connection, channel);
    if (!isCache(channel) || !connection.channels.has(channel)) return undefined;
    const cached = this.#cache.get(channel);
    connection.heard.add(channel, cached ?? 'cache miss');
    if (cached === undefined) this.told.add(channel, 'cache_miss');
    return undefined;
  }

  #joinPlain(connection: ModelConnection, channel: string): void {
    if (this.#on(channel, null).length === 0) this.#tell(channel, 'channel_occupied');
    connection.channels.set(channel, { user: null });
    connection.heard.add(channel, 'succeeded');
    this.#count(channel);
  }

  #joinPresence(
    connection: ModelConnection,
    channel: string,
    user: string | null,
    refuse: (why: string) => void,
  ): void {
    if (user === null) return refuse('AuthError 401');
    const members = this.#infos.get(channel) ?? new Map<string, string>();
    if (!members.has(user)) {
      if (members.size >= MODEL_LIMITS.maxMembers) return refuse('LimitReached 403');
      if (members.size === 0) this.#tell(channel, 'channel_occupied');
      this.#tell(channel, `member_added ${user}`);
      members.set(user, infoOf(connection.slot));
      this.#infos.set(channel, members);
      this.#toAll(channel, `added ${user} ${infoOf(connection.slot)}`);
    }
    connection.channels.set(channel, { user });
    connection.heard.add(channel, `succeeded ${membersLine(members)}`);
  }

  #unsubscribe(connection: ModelConnection, channel: string): void {
    const place = connection.channels.get(channel);
    if (place === undefined) return connection.heard.add('', 'error null');
    connection.channels.delete(channel);
    this.#leave(connection, channel, place);
  }

  /** The connection has given its place up already. */
  #leave({ slot }: ModelConnection, channel: string, { user }: Place): void {
    const others = this.#on(channel, slot);
    if (user !== null && !others.some((other) => other.channels.get(channel)?.user === user)) {
      this.#infos.get(channel)?.delete(user);
      this.#toAll(channel, `removed ${user}`);
      this.#tell(channel, `member_removed ${user}`);
    }
    if (others.length === 0) this.#tell(channel, 'channel_vacated');
    if (user === null) this.#count(channel, others);
  }

  #clientEvent(connection: ModelConnection, channel: string, data: string): void {
    const place = connection.channels.get(channel);
    if (place === undefined || !needsSignature(channel)) return connection.heard.add('', 'error null');
    const line = eventLine('client-hello', data, place.user ?? undefined);
    for (const { heard } of this.#on(channel, connection.slot)) heard.add(channel, line);
    this.#tell(channel, `client_event client-hello${place.user === null ? '' : ` ${place.user}`}`);
  }

  #signIn(connection: ModelConnection, user: string, right: boolean): void {
    if (!right || (connection.user !== null && connection.user !== user)) {
      connection.heard.add('', 'error 4009');
      return;
    }
    connection.user = user;
    this.#signedIn.set(user, (this.#signedIn.get(user) ?? new Set()).add(connection.slot));
    connection.heard.add('', `signed in ${user}`);
  }

  /** Everybody but presence channels hears how many it has become. */
  #count(channel: string, on = this.#on(channel, null)): void {
    if (channel.startsWith('#')) return;
    for (const { heard } of on) heard.add(channel, `count ${String(on.length)}`);
    this.#tell(channel, `subscription_count ${String(on.length)}`);
  }

  #toAll(channel: string, line: string): void {
    for (const { heard } of this.#on(channel, null)) heard.add(channel, line);
  }

  #tell(channel: string, line: string): void {
    if (!channel.startsWith('#')) this.told.add(channel, line);
  }

  #on(channel: string, except: number | null): ModelConnection[] {
    return [...this.connections.values()].filter(({ slot, channels }) => slot !== except && channels.has(channel));
  }
}

/** What a connection of this slot says of its users; another for each, so that it shows whose holds. */
export function infoOf(slot: number): string {
  return JSON.stringify({ from: slot });
}

export function isPresence(channel: string): boolean {
  return channel.startsWith('presence-');
}

function isCache(channel: string): boolean {
  return /^(private-encrypted-|private-|presence-)?cache-/.test(channel);
}

function needsSignature(channel: string): boolean {
  return /^(private|presence)-/.test(channel);
}

/** A string goes out as it is, anything else as its JSON text. */
function textOf(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data);
}
