import { rateWindow, takePermits, type RateWindow } from '../../limits/rate-limiter.ts';
import { bucketOf } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { Script } from './script.ts';

const WINDOW_MS = 1_000;
/** A node takes this part of a limit at a time, so that a fast app costs ten commands a second and not thousands. */
const PORTIONS = 10;
/** Permits that come after their window has ended are still given to those who waited for them. */
const GRACE_MS = 20;
/** Others may take what a request waits for; this often it asks again. */
const MOST_ATTEMPTS = 10;

/** What this node holds of one rate. Times on the clock of `performance.now()`. */
interface Stock {
  permits: number;
  /** When the window that they are of is over. */
  until: number;
  /** Nothing is left in Redis for this window. */
  exhausted: boolean;
  asking: Promise<void> | null;
  /** What those who wait for an answer want. */
  wanted: number;
  /** For the time in which Redis is away. */
  readonly alone: RateWindow;
}

/** KEYS: the rate. ARGV: how many are asked for, the limit, the window. Answers: how many are given, what is left of the window. */
const TAKE = new Script(`
local used = tonumber(redis.call('GET', KEYS[1]))
if not used then
  used = 0
  redis.call('SET', KEYS[1], 0, 'PX', ARGV[3])
end
local given = math.max(0, math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - used))
if given > 0 then redis.call('INCRBY', KEYS[1], given) end
return { given, redis.call('PTTL', KEYS[1]) }
`);

/**
 * The rates of apps over all nodes: permits are taken from Redis in portions, in windows of a second that begin with the
 * first permit. Without Redis each node gives its own part of the limit.
 */
export class Permits {
  readonly #link: RedisLink;
  readonly #nodes: () => number;
  readonly #stocks = new Map<string, Stock>();

  /** `nodes` is how many there are, as far as is known. */
  constructor(link: RedisLink, nodes: () => number) {
    this.#link = link;
    this.#nodes = nodes;
  }

  /** Takes `count` permits of this second; at once while they are in stock. */
  take(appId: string, rate: string, count: number, perSecond: number): boolean | Promise<boolean> {
    if (count > perSecond) return false;
    const stock = this.#stockOf(`${appId}/${rate}`);
    if (!this.#link.isUp) return this.#takeAlone(stock, count, perSecond);
    return takeFrom(stock, count) ?? this.#takeLater(stock, appId, rate, count, perSecond);
  }

  async #takeLater(stock: Stock, appId: string, rate: string, count: number, perSecond: number): Promise<boolean> {
    stock.wanted += count;
    try {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        // One question at a time: those who come meanwhile wait for its answer, and for the next if it was not enough.
        await (stock.asking ??= this.#ask(stock, appId, rate, perSecond));
        const taken = takeFrom(stock, count);
        if (taken !== null) return taken;
      }
      return false;
    } catch {
      return this.#takeAlone(stock, count, perSecond);
    } finally {
      stock.wanted -= count;
    }
  }

  async #ask(stock: Stock, appId: string, rate: string, perSecond: number): Promise<void> {
    const key = this.#link.keys.ofApp(bucketOf(appId, rate), 'r', appId, rate);
    const portion = Math.min(Math.max(stock.wanted - stock.permits, Math.ceil(perSecond / PORTIONS)), perSecond);
    const askedAt = performance.now();
    try {
      const words = [portion, perSecond, WINDOW_MS];
      const [given, left] = (await TAKE.run(this.#link, [key], words)) as [number, number];
      const now = performance.now();
      if (now >= stock.until) stock.permits = 0;
      stock.permits += given;
      stock.until = Math.max(askedAt + left, now + GRACE_MS);
      stock.exhausted = given < portion;
    } finally {
      stock.asking = null;
    }
  }

  #takeAlone(stock: Stock, count: number, perSecond: number): boolean {
    const part = Math.max(1, Math.floor(perSecond / Math.max(this.#nodes(), 1)));
    return takePermits(stock.alone, count, part, performance.now());
  }

  #stockOf(name: string): Stock {
    let stock = this.#stocks.get(name);
    if (stock === undefined) {
      stock = { permits: 0, until: 0, exhausted: false, asking: null, wanted: 0, alone: rateWindow() };
      this.#stocks.set(name, stock);
    }
    return stock;
  }
}

/** `null`: Redis has to be asked. */
function takeFrom(stock: Stock, count: number): boolean | null {
  if (performance.now() >= stock.until) {
    stock.permits = 0;
    stock.exhausted = false;
  }
  if (stock.permits < count) return stock.exhausted ? false : null;
  stock.permits -= count;
  return true;
}
