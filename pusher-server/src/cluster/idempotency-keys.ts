import { IDEMPOTENCY_TTL_MS, IDEMPOTENCY_WAIT_MS, MAX_IDEMPOTENCY_KEYS, type KeyClaim } from './cluster.ts';

interface Claim {
  readonly digest: string;
  readonly expiresAt: number;
  /** `null` until the first caller has answered. */
  answer: string | null;
  /** Those who repeat the request and wait; each is told when there is an answer or none will come. */
  readonly waiting: Set<() => void>;
}

type Claims = Map<string, Claim>;

/** A key under which something was done. */
export interface AnsweredKey {
  readonly appId: string;
  readonly key: string;
  readonly digest: string;
  readonly answer: string;
  readonly leftMs: number;
}

/** Bounds and times, in milliseconds; tests make them small. */
export interface KeyLimits {
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly maxKeys: number;
}

const LIMITS: KeyLimits = { ttlMs: IDEMPOTENCY_TTL_MS, waitMs: IDEMPOTENCY_WAIT_MS, maxKeys: MAX_IDEMPOTENCY_KEYS };

/**
 * The idempotency keys of one node alone. Every key lives equally long, so the order of insertion is that of their end
 * and the expired are always in front.
 */
export class IdempotencyKeys {
  readonly #apps = new Map<string, Claims>();
  readonly #limits: KeyLimits;
  readonly #sweep: NodeJS.Timeout;

  constructor(limits: KeyLimits = LIMITS) {
    this.#limits = limits;
    this.#sweep = setInterval(() => this.#forgetExpired(), limits.ttlMs / 4);
    this.#sweep.unref();
  }

  async claim(appId: string, key: string, digest: string): Promise<KeyClaim> {
    const deadline = performance.now() + this.#limits.waitMs;
    for (;;) {
      const now = performance.now();
      const claims = this.#claimsOf(appId);
      dropExpired(claims, now);
      const known = claims.get(key);
      if (known === undefined) return this.#first(claims, key, digest, now);
      if (known.digest !== digest) return { kind: 'other-request' };
      if (known.answer !== null) return { kind: 'answered', answer: known.answer };
      if (now >= deadline) return { kind: 'pending' };
      // A first caller that was refused gives the key back, and the next one who waits becomes the first.
      await changeOf(known, deadline - now);
    }
  }

  /** Whether anything is remembered under a key. */
  knows(appId: string, key: string): boolean {
    const claim = this.#apps.get(appId)?.get(key);
    return claim !== undefined && claim.expiresAt > performance.now();
  }

  /** Takes up an answer that was given under a claim made elsewhere. */
  learn(appId: string, key: string, digest: string, answer: string): void {
    const now = performance.now();
    const claims = this.#claimsOf(appId);
    dropExpired(claims, now);
    if (!claims.has(key)) this.#first(claims, key, digest, now);
    this.settle(appId, key, answer);
  }

  /** Everything that has been answered and still stands, with the milliseconds that it stands for. */
  *answered(): Generator<AnsweredKey> {
    const now = performance.now();
    for (const [appId, claims] of this.#apps) {
      for (const [key, { digest, answer, expiresAt }] of claims) {
        if (answer !== null && expiresAt > now) yield { appId, key, digest, answer, leftMs: expiresAt - now };
      }
    }
  }

  settle(appId: string, key: string, answer: string): void {
    const claim = this.#apps.get(appId)?.get(key);
    if (claim === undefined) return;
    claim.answer = answer;
    tellWaiting(claim);
  }

  release(appId: string, key: string): void {
    const claims = this.#apps.get(appId);
    const claim = claims?.get(key);
    if (claims === undefined || claim === undefined) return;
    claims.delete(key);
    tellWaiting(claim);
  }

  close(): void {
    clearInterval(this.#sweep);
    this.#apps.clear();
  }

  #claimsOf(appId: string): Claims {
    const claims: Claims = this.#apps.get(appId) ?? new Map<string, Claim>();
    this.#apps.set(appId, claims);
    return claims;
  }

  #first(claims: Claims, key: string, digest: string, now: number): KeyClaim {
    if (claims.size >= this.#limits.maxKeys) return { kind: 'full' };
    claims.set(key, { digest, expiresAt: now + this.#limits.ttlMs, answer: null, waiting: new Set() });
    return { kind: 'first' };
  }

  #forgetExpired(): void {
    const now = performance.now();
    for (const [appId, claims] of this.#apps) {
      dropExpired(claims, now);
      if (claims.size === 0) this.#apps.delete(appId);
    }
  }
}

function dropExpired(claims: Claims, now: number): void {
  for (const [key, claim] of claims) {
    if (claim.expiresAt > now) return;
    claims.delete(key);
    tellWaiting(claim);
  }
}

/** Resolves when a claim was settled or given back, or after `ms`. */
function changeOf(claim: Claim, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      claim.waiting.delete(done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    claim.waiting.add(done);
  });
}

function tellWaiting(claim: Claim): void {
  for (const tell of [...claim.waiting]) tell();
}
