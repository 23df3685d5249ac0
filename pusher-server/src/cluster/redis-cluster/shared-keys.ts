import { z } from 'zod';
import { IDEMPOTENCY_TTL_MS, IDEMPOTENCY_WAIT_MS, MAX_IDEMPOTENCY_KEYS, type KeyClaim } from '../cluster.ts';
import { IdempotencyKeys, type KeyLimits } from '../idempotency-keys.ts';
import { bucketOf } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { Script } from './script.ts';

/** How often a repeat looks whether the first has been answered. */
const LOOK_MS = 50;
/** Requests that are being done under a key, on this node. */
const MAX_CLAIMED = 10_000;
/** Answers that are told to Redis at a time. */
const AT_ONCE = 500;

const LIMITS: KeyLimits = {
  ttlMs: IDEMPOTENCY_TTL_MS,
  waitMs: IDEMPOTENCY_WAIT_MS,
  maxKeys: MAX_IDEMPOTENCY_KEYS,
};

/**
 * KEYS: the key, the app's set of keys by their end. ARGV: digest, node, time to live, most keys.
 * A key's value is `P`, the node that claimed it and the digest, or `A`, the digest, a line feed and the answer.
 */
const CLAIM = new Script(`
local known = redis.call('GET', KEYS[1])
if known then
  if string.sub(known, 1, 1) == 'P' then
    if string.sub(known, 18) ~= ARGV[1] then return { 'other-request' } end
    return { 'pending' }
  end
  local cut = string.find(known, '\\n', 1, true)
  if string.sub(known, 2, cut - 1) ~= ARGV[1] then return { 'other-request' } end
  return { 'answered', string.sub(known, cut + 1) }
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[4]) then return { 'full' } end
redis.call('SET', KEYS[1], 'P' .. ARGV[2] .. ARGV[1], 'PX', ARGV[3])
redis.call('ZADD', KEYS[2], now + ARGV[3], KEYS[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return { 'first' }
`);

/** KEYS: the key. ARGV: node, answer. Only for the node whose claim it is. */
const SETTLE = new Script(`
local known = redis.call('GET', KEYS[1])
if not known or string.sub(known, 1, 17) ~= 'P' .. ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'A' .. string.sub(known, 18) .. '\\n' .. ARGV[2], 'KEEPTTL')
return 1
`);

/** KEYS: the key, the app's set of keys. ARGV: node. */
const RELEASE = new Script(`
local known = redis.call('GET', KEYS[1])
if not known or string.sub(known, 1, 17) ~= 'P' .. ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], KEYS[1])
return 1
`);

/** KEYS: the key, the app's set of keys. ARGV: node, digest, answer, milliseconds left. What others answered stays. */
const LEARN = new Script(`
local known = redis.call('GET', KEYS[1])
if known and string.sub(known, 1, 17) ~= 'P' .. ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'A' .. ARGV[2] .. '\\n' .. ARGV[3], 'PX', ARGV[4])
local time = redis.call('TIME')
redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[4], KEYS[1])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[2], ARGV[4]) end
return 1
`);

const claimAnswer = z.union([
  z.tuple([z.enum(['first', 'pending', 'other-request', 'full'])]).transform(([kind]) => ({ kind })),
  z.tuple([z.literal('answered'), z.string()]).transform(([kind, answer]) => ({ kind, answer })),
]);

/**
 * The idempotency keys of apps over all nodes. Without Redis this node remembers by itself, as one alone does, and goes
 * on to know that afterwards; what was answered meanwhile is told to Redis on its return.
 */
export class SharedKeys {
  readonly #link: RedisLink;
  readonly #limits: KeyLimits;
  /** Keys that were claimed or answered while Redis could not be reached. */
  readonly #alone: IdempotencyKeys;
  /** The digests of claims in Redis that this node has not answered yet, the oldest first. */
  readonly #claimed = new Map<string, string>();

  constructor(link: RedisLink, limits: KeyLimits = LIMITS) {
    this.#link = link;
    this.#limits = limits;
    this.#alone = new IdempotencyKeys(limits);
    link.on('up', () => void this.#tellAnswers());
  }

  async claim(appId: string, key: string, digest: string): Promise<KeyClaim> {
    const deadline = performance.now() + this.#limits.waitMs;
    for (;;) {
      if (!this.#link.isUp || this.#alone.knows(appId, key)) return this.#alone.claim(appId, key, digest);
      const claim = await this.#ask(appId, key, digest);
      if (claim === null) return this.#alone.claim(appId, key, digest);
      const left = deadline - performance.now();
      if (claim.kind !== 'pending' || left <= 0) return claim;
      await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, left)));
    }
  }

  settle(appId: string, key: string, answer: string): void {
    const digest = this.#forget(appId, key);
    if (digest === null) {
      this.#alone.settle(appId, key, answer);
      return;
    }
    const { names, nodeId } = this.#of(appId, key);
    SETTLE.run(this.#link, [names[0]], [nodeId, answer]).catch(() => {
      // The claim stands in Redis without its answer; this node at least can give it until it can be told there.
      this.#alone.learn(appId, key, digest, answer);
    });
  }

  release(appId: string, key: string): void {
    if (this.#forget(appId, key) === null) {
      this.#alone.release(appId, key);
      return;
    }
    const { names, nodeId } = this.#of(appId, key);
    // Without Redis the key stays taken until it expires, and the worst that comes of it is a 409.
    RELEASE.run(this.#link, names, [nodeId]).catch(() => undefined);
  }

  close(): void {
    this.#alone.close();
    this.#claimed.clear();
  }

  /** `null`: Redis cannot be asked. */
  async #ask(appId: string, key: string, digest: string): Promise<KeyClaim | null> {
    const { names, nodeId } = this.#of(appId, key);
    try {
      const { ttlMs, maxKeys } = this.#limits;
      const claim = claimAnswer.parse(await CLAIM.run(this.#link, names, [digest, nodeId, ttlMs, maxKeys]));
      if (claim.kind === 'first') this.#remember(appId, key, digest);
      return claim;
    } catch {
      return null;
    }
  }

  #remember(appId: string, key: string, digest: string): void {
    this.#claimed.set(claimName(appId, key), digest);
    const [oldest] = this.#claimed.keys();
    if (this.#claimed.size > MAX_CLAIMED && oldest !== undefined) this.#claimed.delete(oldest);
  }

  #forget(appId: string, key: string): string | null {
    const name = claimName(appId, key);
    const digest = this.#claimed.get(name) ?? null;
    this.#claimed.delete(name);
    return digest;
  }

  async #tellAnswers(): Promise<void> {
    let waiting: Promise<unknown>[] = [];
    for (const { appId, key, digest, answer, leftMs } of [...this.#alone.answered()]) {
      const { names, nodeId } = this.#of(appId, key);
      const words = [nodeId, digest, answer, Math.ceil(leftMs)];
      waiting.push(LEARN.run(this.#link, names, words).catch(() => undefined));
      if (waiting.length < AT_ONCE) continue;
      await Promise.all(waiting);
      waiting = [];
    }
  }

  #of(appId: string, key: string): { readonly names: readonly [string, string]; readonly nodeId: string } {
    const { keys, nodeId } = this.#link;
    const bucket = bucketOf(appId, 'idempotency');
    return { names: [keys.ofApp(bucket, 'i', appId, key), keys.ofApp(bucket, 'ie', appId, '')], nodeId };
  }
}

function claimName(appId: string, key: string): string {
  return `${appId}/${key}`;
}
