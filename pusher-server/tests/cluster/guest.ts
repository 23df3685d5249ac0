import { z } from 'zod';
import { connect, type QueueingSocket } from '../../../test-support/websocket-client.ts';
import { userAuth } from '../../src/protocol/signature.ts';
import { frame, greeted, settled, subscribed, type Frame } from '../frames.ts';
import { APP } from '../start.ts';
import { infosOf, memberOf, rosterOf } from './frames-of-presence.ts';

/** One connection to one node, in the words of the tests. */
export class Guest {
  readonly client: QueueingSocket;
  readonly socketId: string;

  private constructor(client: QueueingSocket, socketId: string) {
    this.client = client;
    this.socketId = socketId;
  }

  /** Connects to a node of the app with this key. */
  static async enter(port: number, key = APP.key): Promise<Guest> {
    const client = await connect(`ws://127.0.0.1:${String(port)}/app/${key}?protocol=7`);
    return new Guest(client, await greeted(client));
  }

  /** Subscribes and answers what came back: `ok`, a refusal's type, or the sorted members of a presence channel. */
  async join(channel: string, user?: string, info?: unknown): Promise<string> {
    const data = user === undefined ? undefined : { user_id: user, ...(info === undefined ? {} : { user_info: info }) };
    return describeAnswer(await subscribed(this.client, this.socketId, channel, data));
  }

  /** Joins a presence channel and answers every member's user_info. */
  async joinForInfos(channel: string, user: string): Promise<Readonly<Record<string, unknown>>> {
    const { data } = await subscribed(this.client, this.socketId, channel, { user_id: user });
    return infosOf(data);
  }

  leave(channel: string): void {
    this.client.send({ event: 'pusher:unsubscribe', data: { channel } });
  }

  /** Signs in, and waits until it is so; `watchlist` of ids. */
  async signIn(id: string, watchlist?: readonly string[]): Promise<void> {
    const text = JSON.stringify({ id, ...(watchlist === undefined ? {} : { watchlist }) });
    const auth = userAuth(APP, this.socketId, text);
    this.client.send({ event: 'pusher:signin', data: { auth, user_data: text } });
    await frame(this.client, 'pusher:signin_success');
  }

  /** The next frame on the channel, whatever it is, as a line (`event data`, `added ann`, `removed ann`, `count 2`). */
  async hears(channel: string, ms?: number): Promise<string> {
    const message = await this.client.next((candidate) => (candidate as Frame).channel === channel, ms);
    return lineOf(message as Frame);
  }

  /** Lines of the channel up to and with the first that is `line`. */
  async hearsUntil(channel: string, line: string, ms?: number): Promise<string[]> {
    const heard: string[] = [];
    while (heard.at(-1) !== line) heard.push(await this.hears(channel, ms));
    return heard;
  }

  /** The frames that have arrived and were not taken; the server has nothing more of its own to say before them. */
  rest(): Promise<Frame[]> {
    return settled(this.client);
  }

  /** Ends the connection; resolves when it has ended here. */
  async goes(): Promise<void> {
    this.client.close();
    await this.client.closed;
  }
}

function describeAnswer({ event, data }: Frame): string {
  if (event === 'pusher:subscription_error') return z.object({ type: z.string() }).parse(data).type;
  return data === '{}' ? 'ok' : [...rosterOf(data)].toSorted().join();
}

function lineOf({ event, data }: Frame): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  switch (event) {
    case 'pusher_internal:member_added':
      return `added ${memberOf(text)}`;
    case 'pusher_internal:member_removed':
      return `removed ${memberOf(text)}`;
    case 'pusher_internal:subscription_count':
      return `count ${String(z.object({ subscription_count: z.number() }).parse(JSON.parse(text)).subscription_count)}`;
    default:
      return `${event} ${text}`;
  }
}
