import { z } from 'zod';
import type { RedisLink } from './redis-link.ts';
import { Script } from './script.ts';

const EVERY_MS = 1_000;
/** How soon a change that others wait for is told. */
const SOON_MS = 20;

/** What a node tells the others of itself every second. */
export interface NodeReport {
  /** Connections of the apps that limit them. */
  readonly connections: Readonly<Record<string, number>>;
  /** Apps to whose stream somebody listens there. */
  readonly feeds: readonly string[];
}

const reportSchema = z.object({ connections: z.record(z.string(), z.number()), feeds: z.array(z.string()) });

/** KEYS: reports by node, nodes by the time of their report. ARGV: node, report, how long one is believed. Answers all reports. */
const REPORT = new Script(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], now, ARGV[1])
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[3])) do
  redis.call('HDEL', KEYS[1], node)
  redis.call('ZREM', KEYS[2], node)
end
return redis.call('HGETALL', KEYS[1])
`);

/** KEYS as above. ARGV: node. */
const WITHDRAW = new Script(`
redis.call('HDEL', KEYS[1], ARGV[1])
return redis.call('ZREM', KEYS[2], ARGV[1])
`);

export interface ReportsOptions {
  readonly link: RedisLink;
  /** How long the last report of a node that has fallen silent is believed. */
  readonly leaseMs: number;
  readonly own: () => NodeReport;
  /** Called with every look at the others. */
  readonly read: () => void;
}

/** What the nodes tell each other without asking: each reports once a second and reads what the others reported. */
export class NodeReports {
  readonly #options: ReportsOptions;
  readonly #timer: NodeJS.Timeout;
  #others: readonly NodeReport[] = [];
  #readAt = -Infinity;
  #isUnderWay = false;
  #soon: NodeJS.Timeout | null = null;

  constructor(options: ReportsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.report(), EVERY_MS);
    this.#timer.unref();
    options.link.on('up', () => void this.report());
  }

  /** What the other nodes said; nothing once that is too old to be believed. */
  get others(): readonly NodeReport[] {
    return performance.now() - this.#readAt > this.#options.leaseMs ? [] : this.#others;
  }

  /** Something changed that others wait for. */
  changed(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = null;
      void this.report();
    }, SOON_MS).unref();
  }

  /** Resolves when the report is in, or could not be handed in. */
  async report(): Promise<void> {
    const { link, leaseMs, own, read } = this.#options;
    if (this.#isUnderWay || !link.isUp) {
      read();
      return;
    }
    this.#isUnderWay = true;
    try {
      const words = [link.nodeId, JSON.stringify(own()), leaseMs];
      this.#take(z.array(z.string()).parse(await REPORT.run(link, this.#keys, words)));
    } catch {
      // Redis is away: what was read last is believed for as long as a node's last report.
    } finally {
      this.#isUnderWay = false;
    }
    read();
  }

  /** The node is about to go: nothing of it is believed from now on. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#soon !== null) clearTimeout(this.#soon);
    const { link } = this.#options;
    if (link.isUp) await WITHDRAW.run(link, this.#keys, [link.nodeId]).catch(() => undefined);
  }

  get #keys(): readonly string[] {
    const { keys } = this.#options.link;
    return [keys.ofNodes('reports'), keys.ofNodes('reported')];
  }

  #take(nodesAndTexts: readonly string[]): void {
    const others: NodeReport[] = [];
    for (let index = 0; index + 1 < nodesAndTexts.length; index += 2) {
      if (nodesAndTexts[index] === this.#options.link.nodeId) continue;
      const report = decode(nodesAndTexts[index + 1] ?? '');
      if (report !== null) others.push(report);
    }
    this.#others = others;
    this.#readAt = performance.now();
  }
}

/** `null` for what another version of this server may have written. */
function decode(text: string): NodeReport | null {
  try {
    return reportSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
