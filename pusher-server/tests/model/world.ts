import { z } from 'zod';
import { connect, type QueueingSocket } from '../../../test-support/websocket-client.ts';
import { channelAuth, userAuth } from '../../src/protocol/signature.ts';
import { greeted, settled } from '../frames.ts';
import { APP, startTestServer, type TestServer } from '../start.ts';
import { Lines, lineOfFrame } from './lines.ts';
import { infoOf, isPresence, MODEL_LIMITS } from './model.ts';
import { startReceiver, type Receiver } from './receiver.ts';
import type { Frame } from './steps.ts';

interface Place {
  readonly client: QueueingSocket;
  readonly socketId: string;
  readonly heard: Lines;
}

const connectionsSchema = z.object({
  total: z.number(),
  connections: z.array(
    z.looseObject({ socket_id: z.string(), user_id: z.string().nullable(), channels: z.array(z.string()) }),
  ),
});

/** The real server, real sockets to it and a real webhook receiver, in the terms of the model. */
export class World {
  readonly #server: TestServer;
  readonly #receiver: Receiver;
  readonly #places = new Map<number, Place>();
  /** Channels carry the run's number, so that no run meets what another left in a cache. */
  #run = 0;

  private constructor(server: TestServer, receiver: Receiver) {
    this.#server = server;
    this.#receiver = receiver;
  }

  static async open(): Promise<World> {
    const receiver = await startReceiver();
    const app = {
      enableSubscriptionCount: true,
      maxClientEventsPerSecond: -1,
      maxPresenceMembersPerChannel: MODEL_LIMITS.maxMembers,
      maxChannelsPerConnection: MODEL_LIMITS.maxChannelsPerConnection,
      webhooks: [{ url: receiver.url }],
    };
    return new World(await startTestServer([app], { webhookDelayMs: 0, webhookBatchMs: 1 }), receiver);
  }

  beginRun(): void {
    this.#run += 1;
  }

  /** Closes what is open, also after a difference: the next run, a shorter form of this one, begins with nothing. */
  async endRun(): Promise<void> {
    for (const slot of [...this.#places.keys()]) await this.disconnect(slot, true);
  }

  async close(): Promise<void> {
    await this.#server.stop();
    await this.#receiver.close();
  }

  async connect(slot: number): Promise<void> {
    const client = await connect(this.#server.ws());
    this.#places.set(slot, { client, socketId: await greeted(client), heard: new Lines() });
  }

  /** Closes from the client's side: with a closing handshake, or by going away. */
  async disconnect(slot: number, cleanly: boolean): Promise<void> {
    const { client } = this.#place(slot);
    this.#places.delete(slot);
    if (cleanly) client.close(1000);
    else client.socket.terminate();
    await client.closed;
  }

  /** Waits until the server has closed a connection; answers with what. */
  async closedByServer(slot: number): Promise<number> {
    const { client } = this.#place(slot);
    this.#places.delete(slot);
    return (await client.closed).code;
  }

  send(slot: number, frame: Frame): void {
    const { client, socketId } = this.#place(slot);
    client.send(frame.kind === 'nonsense' ? frame.text : this.#wire(slot, socketId, frame));
  }

  /** The status that the server answers. */
  async trigger(channels: readonly string[], data: string, except: number | null): Promise<number> {
    const exceptId = except === null ? undefined : this.#places.get(except)?.socketId;
    const body = { name: 'hello', channels: channels.map((name) => this.#name(name)), data, socket_id: exceptId };
    return this.#post('/events', body);
  }

  async batch(channels: readonly string[], data: string): Promise<number> {
    const batch = channels.map((channel) => ({ name: 'hello', channel: this.#name(channel), data }));
    return this.#post('/batch_events', { batch });
  }

  async terminate(user: string, reconnect: boolean): Promise<void> {
    const query = { query: { reconnect: String(reconnect) } };
    await this.#server.rest('POST', `/users/${user}/terminate_connections`, reconnect ? query : {});
  }

  /** What a connection has heard since it was last asked. */
  async heard(slot: number): Promise<Record<string, string[]>> {
    const { client, heard } = this.#place(slot);
    for (const frame of await settled(client)) {
      const [channel, line] = lineOfFrame(frame);
      heard.add(this.#plain(channel), line);
    }
    return heard.take();
  }

  /** Every connection with its user and channels, as the REST API lists them. */
  async connections(): Promise<Record<number, { user: string | null; channels: string[] }>> {
    const { connections } = connectionsSchema.parse(await this.#get('/connections'));
    const slots = new Map([...this.#places].map(([slot, { socketId }]) => [socketId, slot]));
    return Object.fromEntries(
      connections.map(({ socket_id, user_id, channels }) => [
        slots.get(socket_id) ?? socket_id,
        { user: user_id, channels: channels.map((name) => this.#plain(name)).sort() },
      ]),
    );
  }

  /** Every channel that somebody is on, with its count. */
  async occupied(): Promise<Record<string, unknown>> {
    const plain = await this.#channels({ info: 'subscription_count' });
    const presence = await this.#channels({ info: 'user_count', filter_by_prefix: 'presence-' });
    return { ...plain, ...presence };
  }

  async members(channel: string): Promise<string[]> {
    const users = z.object({ users: z.array(z.object({ id: z.string() })) });
    return users.parse(await this.#get(`/channels/${this.#name(channel)}/users`)).users.map(({ id }) => id);
  }

  /** What the webhook was told since it was last asked: a channel of ours marks the end. */
  async told(): Promise<Record<string, string[]>> {
    const fence = `fence.${String(this.#run)}`;
    const client = await connect(this.#server.ws());
    await greeted(client);
    client.send({ event: 'pusher:subscribe', data: { channel: fence } });
    const told = await this.#receiver.takeUntil(fence);
    client.close(1000);
    await client.closed;
    const lines = new Lines();
    for (const [channel, line] of told) {
      // Not what another run, or its fence, has left.
      if (channel.endsWith(`.${String(this.#run)}`)) lines.add(this.#plain(channel), line);
    }
    return lines.take();
  }

  #wire(slot: number, socketId: string, frame: Exclude<Frame, { kind: 'nonsense' }>): unknown {
    switch (frame.kind) {
      case 'subscribe':
        return { event: 'pusher:subscribe', data: this.#subscription(slot, socketId, frame) };
      case 'unsubscribe':
        return { event: 'pusher:unsubscribe', data: { channel: this.#name(frame.channel) } };
      case 'client-event':
        return { event: 'client-hello', channel: this.#name(frame.channel), data: frame.data };
      case 'sign-in': {
        const userData = `{"id":"${frame.user}","user_info":${infoOf(slot)}}`;
        const signedFor = frame.right ? socketId : '1.1';
        return { event: 'pusher:signin', data: { auth: userAuth(APP, signedFor, userData), user_data: userData } };
      }
      default:
        return frame satisfies never;
    }
  }

  #subscription(slot: number, socketId: string, frame: Frame & { kind: 'subscribe' }) {
    const channel = this.#name(frame.channel);
    const member = isPresence(frame.channel) && frame.user !== null;
    const channelData = member ? `{"user_id":"${frame.user}","user_info":${infoOf(slot)}}` : null;
    const signedFor = frame.signature === 'right' ? socketId : '1.1';
    return {
      channel,
      ...(frame.signature === 'absent' ? {} : { auth: channelAuth(APP, signedFor, channel, channelData) }),
      ...(channelData === null ? {} : { channel_data: channelData }),
    };
  }

  #place(slot: number): Place {
    const place = this.#places.get(slot);
    if (place === undefined) throw new Error(`nobody is at ${String(slot)}`);
    return place;
  }

  #name(channel: string): string {
    return channel.startsWith('#') ? channel : `${channel}.${String(this.#run)}`;
  }

  #plain(name: string): string {
    return name.replace(/\.\d+$/, '');
  }

  async #channels(query: Record<string, string>): Promise<Record<string, unknown>> {
    const { channels } = z
      .object({ channels: z.record(z.string(), z.unknown()) })
      .parse(await this.#get('/channels', query));
    return Object.fromEntries(Object.entries(channels).map(([name, info]) => [this.#plain(name), info]));
  }

  async #get(path: string, query: Record<string, string> = {}): Promise<unknown> {
    return (await this.#server.rest('GET', path, { query })).json();
  }

  async #post(path: string, body: unknown): Promise<number> {
    const response = await this.#server.rest('POST', path, { body: JSON.stringify(body) });
    await response.arrayBuffer();
    return response.status;
  }
}
