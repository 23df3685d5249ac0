import { setTimeout as pause } from 'node:timers/promises';
import { startRedis } from '../../../test-support/redis.ts';
import type { Caller, ChannelShare, MemberShare, Telling } from '../../src/cluster/redis-cluster/bucket-calls.ts';
import { BucketScripts } from '../../src/cluster/redis-cluster/bucket-scripts.ts';
import type { Fact } from '../../src/cluster/cluster.ts';
import { readFactEntry } from '../../src/cluster/redis-cluster/facts/fact-entry.ts';
import { SendingScripts, type Tended } from '../../src/cluster/redis-cluster/facts/sending-scripts.ts';
import { RedisConnections } from '../../src/cluster/redis-cluster/redis-link.ts';
import { parseRedisUrl } from '../../src/cluster/redis-cluster/redis-url.ts';

/** The bucket in which everything happens; the scripts take the caller's word for it. */
export const BUCKET = 7;
export const APP = 'app';

const silent = { info: () => undefined, warn: () => undefined };

/** A real Redis, and a connection to it. */
export async function startBucket() {
  const redis = await startRedis();
  const link = new RedisConnections({ target: parseRedisUrl(redis.url), prefix: 'test:', log: silent });
  if (!link.isUp) await new Promise<void>((resolve) => link.on('up', resolve));
  const scripts = new BucketScripts(link);
  const sending = new SendingScripts(link);
  const heard: string[] = [];
  link.subscriber.on('smessage', (_topic: string, message: string) => heard.push(message.replaceAll('\n', ' ')));
  return {
    redis,
    link,
    scripts,
    sending,
    /** What was said on topics that were listened to. */
    heard,
    /** Facts so far, oldest first, one line each. */
    facts: async () => {
      const entries = await link.commands.xrange(link.keys.facts(BUCKET), '-', '+');
      return entries.flatMap((entry) => factLine(readFactEntry(entry)?.fact ?? null));
    },
    /** Lets everything become due that is due by now. */
    ripen: async (): Promise<Tended> => {
      for (let due: readonly string[] = []; ;) {
        const options = { leaseMs: 60_000, fence: null, after: null, due, count: 0 };
        const answer = await sending.tend(BUCKET, options);
        if (answer.kind === 'held' || answer.due.length === 0) return answer;
        due = answer.due;
      }
    },
    stop: async () => {
      link.close();
      await redis.drop();
    },
  };
}

export type BucketUnderTest = Awaited<ReturnType<typeof startBucket>>;

export function factLine(fact: Fact | null): string[] {
  if (fact === null) return [];
  const rest = 'userId' in fact ? ` ${String(fact.userId)}` : 'count' in fact ? ` ${String(fact.count)}` : '';
  return [`${fact.kind} ${fact.channel}${rest}`];
}

/** Ripens until `done`, as the sender of the bucket would. */
export async function ripenUntil(bucket: BucketUnderTest, done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) {
    const answer = await bucket.ripen();
    if (answer.kind === 'sending' && !(await done())) await pause(Math.min(answer.dueInMs ?? 20, 20));
  }
}

export interface NodeOptions {
  readonly id: string;
  readonly telling?: Partial<Telling>;
  readonly knownEpoch?: string | null;
  readonly settlingMs?: number;
}

/** A node that has entered the bucket, and numbers what it tells. */
export async function enterBucket(bucket: BucketUnderTest, options: NodeOptions) {
  const { scripts } = bucket;
  const node = options.id.padEnd(16, '0');
  const telling: Telling = { tracksChannel: true, tracksMembers: true, delayMs: 0, ...options.telling };
  let names = 0;
  const enter = (knownEpoch: string | null) =>
    scripts.enter(BUCKET, {
      node,
      newGeneration: `${options.id}${String((names += 1))}`,
      newEpoch: `epoch-${options.id}${String(names)}`,
      knownEpoch,
      settlingMs: options.settlingMs ?? 0,
    });
  let standing = await enter(options.knownEpoch ?? null);
  let { number } = standing;
  const caller = (): Caller => ({
    node,
    generation: standing.generation,
    epoch: standing.epoch,
    number: (number += 1),
  });
  return {
    node,
    get standing() {
      return standing;
    },
    caller,
    /** What a broken connection may still hold. */
    callerWith: (changes: Partial<Caller>): Caller => ({ ...caller(), ...changes }),
    enterAgain: async () => {
      standing = await enter(standing.epoch);
      number = Math.max(number, standing.number);
      return standing;
    },
    channel: (name: string, sockets: number, share: Partial<ChannelShare> = {}, by: Caller = caller()) =>
      scripts.applyChannel(
        BUCKET,
        by,
        { appId: APP, name, sockets, was: false, counts: false, countsFact: false, ...share },
        telling,
      ),
    member: (
      name: string,
      userId: string,
      sockets: number,
      channelSockets: number,
      share: Partial<MemberShare> = {},
      by: Caller = caller(),
    ) =>
      scripts.applyMember(
        BUCKET,
        by,
        {
          appId: APP,
          name,
          userId,
          userInfo: `{"name":"${userId}"}`,
          sockets,
          channelSockets,
          maxMembers: 100,
          was: false,
          wasChannel: false,
          ...share,
        },
        telling,
      ),
    user: (userId: string, connections: number, by: Caller = caller()) =>
      scripts.applyUser(BUCKET, by, { appId: APP, userId, connections }),
  };
}

export type NodeInBucket = Awaited<ReturnType<typeof enterBucket>>;
