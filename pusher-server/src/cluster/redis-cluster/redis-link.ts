import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '../../logger.ts';
import { KeyNames } from './keys.ts';
import { createRedisClient } from './redis-client.ts';
import { describeRedis, type RedisTarget } from './redis-url.ts';

/** What the parts of the cluster need of Redis. */
export interface RedisLink {
  readonly nodeId: string;
  readonly keys: KeyNames;
  /** Auto-pipelined; offline queue off; every command limited to 2 s. Rejects at once while Redis is away. */
  readonly commands: Redis | Cluster;
  /** A connection of its own for SUBSCRIBE/SSUBSCRIBE. It does not subscribe again by itself. */
  readonly subscriber: Redis | Cluster;
  /** 'SPUBLISH' where the server has sharded pub/sub, else 'PUBLISH'. Known once the link has been up. */
  readonly publishCommand: 'SPUBLISH' | 'PUBLISH';
  readonly isUp: boolean;
  /** Both connections: `up` after each (re)connection of the command connection, `subscriberUp` after each of the other. */
  on(event: LinkEvent, listener: () => void): void;
}

export type LinkEvent = 'up' | 'down' | 'subscriberUp' | 'subscriberDown';

export interface LinkOptions {
  readonly target: RedisTarget;
  /** `REDIS_PREFIX`. */
  readonly prefix: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** How often the subscribing connection has to give a sign of life; a lost one would be silent for ever. */
const PING_MS = 1_000;
/** Before a client is started again that has ended by itself. */
const START_AGAIN_MS = 100;
/** Reasons that are logged of one absence. */
const MAX_COMPLAINTS = 10;

/** The node's two connections to Redis, which are made again whenever they break until `close`. */
export class RedisConnections implements RedisLink {
  readonly nodeId = createNodeId();
  readonly keys: KeyNames;
  readonly commands: Redis | Cluster;
  readonly subscriber: Redis | Cluster;
  readonly #events = new EventEmitter<Record<LinkEvent, []>>();
  readonly #log: LinkOptions['log'];
  readonly #where: string;
  readonly #pings: NodeJS.Timeout;
  #publishCommand: 'SPUBLISH' | 'PUBLISH' = 'SPUBLISH';
  #isUp = false;
  #isSubscriberUp = false;
  #isClosed = false;
  readonly #complaints = new Set<string>();

  constructor({ target, prefix, log }: LinkOptions) {
    this.keys = new KeyNames(prefix);
    this.#log = log;
    this.#where = describeRedis(target);
    this.#events.setMaxListeners(0);
    this.commands = createRedisClient(target, 'commands');
    this.subscriber = createRedisClient(target, 'subscriber');
    this.#watchCommands();
    this.#watchSubscriber();
    for (const client of [this.commands, this.subscriber]) client.on('end', () => this.#startAgain(client));
    this.#pings = setInterval(() => this.#pingSubscriber(), PING_MS);
    this.#pings.unref();
  }

  get publishCommand(): 'SPUBLISH' | 'PUBLISH' {
    return this.#publishCommand;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Who asks when the connection is there already is told so, too, in a moment. */
  on(event: LinkEvent, listener: () => void): void {
    this.#events.on(event, listener);
    const isSo = this.#isUp && (event === 'up' || (event === 'subscriberUp' && this.#isSubscriberUp));
    if (isSo) queueMicrotask(listener);
  }

  /** Breaks both connections for good; nothing is told any more. */
  close(): void {
    this.#isClosed = true;
    this.#isUp = false;
    clearInterval(this.#pings);
    this.#events.removeAllListeners();
    this.commands.disconnect();
    this.subscriber.disconnect();
  }

  #watchCommands(): void {
    this.commands.on('error', (error: Error) => this.#complain(error));
    this.commands.on('ready', () => void this.#becomeUp());
    this.commands.on('close', () => this.#becomeDown());
    this.commands.on('reconnecting', () => this.#becomeDown());
  }

  /** Nothing is published before it is known how, since what was heard on the other kind of topic would be lost. */
  async #becomeUp(): Promise<void> {
    this.#publishCommand = await this.#askPublishCommand();
    if (this.#isClosed || this.commands.status !== 'ready' || this.#isUp) return;
    this.#isUp = true;
    this.#complaints.clear();
    this.#log.info({ redis: this.#where }, 'redis is here');
    this.#events.emit('up');
    // What the other connection said before could not be acted on.
    if (this.#isSubscriberUp) this.#events.emit('subscriberUp');
  }

  async #askPublishCommand(): Promise<'SPUBLISH' | 'PUBLISH'> {
    try {
      const [info] = (await this.commands.command('INFO', 'SPUBLISH')) as readonly unknown[];
      return info === null || info === undefined ? 'PUBLISH' : 'SPUBLISH';
    } catch (error) {
      // Servers before 7.0 have no answer; if the connection broke instead, the next one asks again.
      this.#complain(error);
      return this.#publishCommand;
    }
  }

  #becomeDown(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    if (this.#isClosed) return;
    this.#log.warn({ redis: this.#where }, 'redis is away: this node works alone until it is back');
    this.#events.emit('down');
  }

  #watchSubscriber(): void {
    this.subscriber.on('error', (error: Error) => this.#complain(error));
    this.subscriber.on('ready', () => this.#subscriberIs(true));
    this.subscriber.on('close', () => this.#subscriberIs(false));
    this.subscriber.on('reconnecting', () => this.#subscriberIs(false));
    // A Cluster's sharded subscribers come and go one by one, with its topology.
    this.subscriber.on('subscribersReady', () => {
      if (this.#isSubscriberUp) this.#tellSubscriber('subscriberUp');
    });
  }

  #subscriberIs(up: boolean): void {
    if (this.#isSubscriberUp === up) return;
    this.#isSubscriberUp = up;
    this.#tellSubscriber(up ? 'subscriberUp' : 'subscriberDown');
  }

  /** `subscriberUp` waits until it is known which kind of topic there is. */
  #tellSubscriber(event: 'subscriberUp' | 'subscriberDown'): void {
    if (this.#isClosed || (event === 'subscriberUp' && !this.#isUp)) return;
    this.#events.emit(event);
  }

  /** A client that hears of a fail-over while it asks the Sentinels for the master ends, and would stay so. */
  #startAgain(client: Redis | Cluster): void {
    const start = () => {
      if (this.#isClosed || client.status !== 'end') return;
      client.connect().catch((error: unknown) => this.#complain(error));
    };
    setTimeout(start, START_AGAIN_MS).unref();
  }

  #pingSubscriber(): void {
    if (!this.#isSubscriberUp || this.subscriber.isCluster) return;
    this.subscriber.ping().catch((error: unknown) => this.#complain(error));
  }

  /** One line for each reason until Redis is back; while it is away the same ones come several times a second. */
  #complain(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    // Times and addresses in it differ from one attempt to the next.
    const kind = reason.replace(/\d+/g, '');
    if (this.#isClosed || this.#complaints.has(kind) || this.#complaints.size >= MAX_COMPLAINTS) return;
    this.#complaints.add(kind);
    this.#log.warn({ redis: this.#where, reason }, 'redis cannot be reached');
  }
}

const NODE_ID_LENGTH = 16;
const NODE_ID_CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** 16 characters, new with each process, so that a restarted node is another one. */
function createNodeId(): string {
  // 252 is the largest multiple of 36 in a byte: above it some characters would be likelier than others.
  const bytes = [...randomBytes(NODE_ID_LENGTH * 4)].filter((byte) => byte < 252).slice(0, NODE_ID_LENGTH);
  return bytes.map((byte) => NODE_ID_CHARACTERS.charAt(byte % 36)).join('');
}
