import type { ChannelRef, ClusterListener, OnlineUsers } from '../cluster.ts';
import { bucketOf, userChannel } from './keys.ts';
import type { Outgoing } from './outgoing.ts';
import { Readings } from './readings.ts';
import type { RedisLink } from './redis-link.ts';
import { terminateMessage, type UserStatus } from './topic-message.ts';
import type { Topics } from './topics.ts';

/** How long a watchlist waits at most for what Redis says; then it is answered from what this node knows. */
const MAX_WAIT_MS = 2_000;
/** Users who are read at a time. */
const MAX_READINGS = 256;

/** Whether a user is signed in anywhere. Another `epoch` than before: Redis lost its past. */
export interface UserRead {
  readonly epoch: string | null;
  readonly version: number;
  readonly online: boolean;
}

export interface UserWatchOptions {
  readonly link: Pick<RedisLink, 'nodeId' | 'isUp' | 'on'>;
  readonly topics: Pick<Topics, 'hold' | 'release' | 'awaited' | 'nameOf'>;
  readonly outgoing: Pick<Outgoing, 'send'>;
  /** Reads a user; after this node has told Redis what it still owes it of that user. */
  readonly read: (appId: string, userId: string) => Promise<UserRead>;
  readonly listener: Pick<ClusterListener, 'userChanged' | 'terminateUser'>;
  /** How long an emptied Redis takes to learn again what all nodes hold: the nodes' lease. */
  readonly settlingMs: number;
}

/** A user whose topic is heard, because somebody here is signed in as that user or watches it. */
interface User {
  readonly channel: ChannelRef;
  readonly bucket: number;
  readonly userId: string;
  watchers: number;
  connections: number;
  /** What watchers here have been told last, or would have. */
  isOnline: boolean;
  version: number;
  epoch: string | null;
  /** Whether `isOnline` is what Redis says, or only what this node knows. */
  isRead: boolean;
  /** The latest that was told while Redis was read. */
  meanwhile: UserStatus | null;
  settling: NodeJS.Timeout | null;
  /** Those who wait for the first reading. */
  readonly waiting: Set<() => void>;
}

/** Which users are online, of those who are watched here, and the ends of connections that other nodes order. */
export class UserWatch {
  readonly #options: UserWatchOptions;
  readonly #users = new Map<string, User>();
  readonly #readings: Readings<User>;

  constructor(options: UserWatchOptions) {
    this.#options = options;
    const { link } = options;
    this.#readings = new Readings({ link, read: (user) => this.#read(user), atOnce: MAX_READINGS });
  }

  /**
   * So many connections are signed in as a user here. Redis is told by others; while it is away, this node decides.
   * Answers as `Topics.listen` does.
   */
  applyUser(appId: string, userId: string, connections: number): Promise<void> | null {
    const topic = topicOf(appId, userId);
    const user = this.#users.get(topic) ?? (connections > 0 ? this.#open(appId, userId) : null);
    if (user === null) return null;
    user.connections = connections;
    if (!this.#options.link.isUp) this.#become(user, connections > 0);
    this.#closeIfUnwanted(user);
    return connections > 0 ? this.#options.topics.awaited(user.channel) : null;
  }

  /** Begins to hear of users; the answer is live. Every call is taken back by one `unwatch`. */
  async watch(appId: string, userIds: readonly string[]): Promise<OnlineUsers> {
    const unread: User[] = [];
    for (const userId of userIds) {
      const user = this.#users.get(topicOf(appId, userId)) ?? this.#open(appId, userId);
      user.watchers += 1;
      if (user.isRead) continue;
      unread.push(user);
      // Once it is heard it is read anyway.
      if (this.#options.topics.awaited(user.channel) === null) this.#readings.want(user);
    }
    if (this.#options.link.isUp && unread.length > 0) await this.#areRead(unread);
    return { has: (userId) => this.#users.get(topicOf(appId, userId))?.isOnline === true };
  }

  unwatch(appId: string, userIds: readonly string[]): void {
    for (const userId of userIds) {
      const user = this.#users.get(topicOf(appId, userId));
      if (user === undefined) continue;
      user.watchers -= 1;
      this.#closeIfUnwanted(user);
    }
  }

  /** Ends a user's connections here and on every node that hears the user's topic. */
  terminate(appId: string, userId: string, reconnect: boolean): void {
    const { link, topics, outgoing, listener } = this.#options;
    outgoing.send(topics.nameOf(channelOf(appId, userId)), terminateMessage(link.nodeId, reconnect));
    listener.terminateUser(appId, userId, reconnect);
  }

  /** Another node ends a user's connections. */
  terminated(channel: ChannelRef, reconnect: boolean): void {
    const user = this.#users.get(channel.topic);
    if (user !== undefined) this.#options.listener.terminateUser(channel.appId, user.userId, reconnect);
  }

  /** A channel's topic is heard from now on, for the first time or again. */
  heard(channel: ChannelRef): void {
    const user = this.#users.get(channel.topic);
    if (user === undefined) return;
    user.isRead = false;
    if (user.watchers > 0) this.#readings.want(user);
  }

  /** A script told whether a user is online. */
  take(channel: ChannelRef, status: UserStatus): void {
    const user = this.#users.get(channel.topic);
    if (user === undefined) return;
    if (!user.isRead) user.meanwhile = status;
    else this.#takeIfNewer(user, status);
  }

  /** Reads the users of a bucket again: it lost its past. */
  readAgain(bucket: number): void {
    for (const user of this.#users.values()) {
      if (user.bucket === bucket) this.heard(user.channel);
    }
  }

  close(): void {
    this.#readings.close();
    for (const user of this.#users.values()) {
      if (user.settling !== null) clearTimeout(user.settling);
      release(user);
    }
    this.#users.clear();
  }

  #open(appId: string, userId: string): User {
    const channel = channelOf(appId, userId);
    const user: User = {
      channel,
      bucket: bucketOf(appId, channel.name),
      userId,
      watchers: 0,
      connections: 0,
      isOnline: false,
      version: 0,
      epoch: null,
      isRead: false,
      meanwhile: null,
      settling: null,
      waiting: new Set(),
    };
    this.#users.set(channel.topic, user);
    void this.#options.topics.hold(channel);
    return user;
  }

  #closeIfUnwanted(user: User): void {
    if (user.watchers > 0 || user.connections > 0) return;
    this.#users.delete(user.channel.topic);
    this.#readings.forget(user);
    if (user.settling !== null) clearTimeout(user.settling);
    release(user);
    this.#options.topics.release(user.channel);
  }

  async #areRead(users: readonly User[]): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, MAX_WAIT_MS);
      timer.unref();
    });
    await Promise.race([late, Promise.all(users.map((user) => new Promise<void>((done) => user.waiting.add(done))))]);
    clearTimeout(timer);
  }

  async #read(user: User): Promise<void> {
    user.meanwhile = null;
    const read = await this.#options.read(user.channel.appId, user.userId);
    if (this.#readings.isWanted(user) || this.#users.get(user.channel.topic) !== user) return;
    const lostPast = user.epoch !== null && user.epoch !== read.epoch;
    user.epoch = read.epoch;
    user.version = read.version;
    user.isRead = true;
    const isDoubtful = lostPast || user.settling !== null;
    if (isDoubtful && user.isOnline && !read.online) this.#readWhenSettled(user);
    else this.#become(user, read.online);
    if (user.meanwhile !== null) this.#takeIfNewer(user, user.meanwhile);
    user.meanwhile = null;
    release(user);
  }

  /** An emptied Redis does not know (yet) that the user is online. */
  #readWhenSettled(user: User): void {
    user.settling ??= setTimeout(() => {
      user.settling = null;
      this.heard(user.channel);
    }, this.#options.settlingMs);
    user.settling.unref();
  }

  #takeIfNewer(user: User, { version, online }: UserStatus): void {
    if (version <= user.version) return;
    user.version = version;
    this.#become(user, online);
  }

  #become(user: User, online: boolean): void {
    if (user.isOnline === online) return;
    user.isOnline = online;
    if (user.watchers > 0) this.#options.listener.userChanged(user.channel.appId, user.userId, online);
  }
}

function release(user: User): void {
  for (const done of user.waiting) done();
  user.waiting.clear();
}

function topicOf(appId: string, userId: string): string {
  return `${appId}/${userChannel(userId)}`;
}

function channelOf(appId: string, userId: string): ChannelRef {
  const name = userChannel(userId);
  return { appId, name, topic: `${appId}/${name}` };
}
