import type { RedisLink } from './redis-link.ts';
import { Script } from './script.ts';
import { LEASE } from './scripts/lease.ts';

/** Who lives, by Redis's clock. */
export interface NodeView {
  /** Sorted, this node among them once it has a lease. */
  readonly living: readonly string[];
  /** Those whose lease is over and whose share has not been taken away. */
  readonly expired: readonly string[];
}

export interface LeaseOptions {
  readonly link: RedisLink;
  readonly leaseMs: number;
  /** After each look at the nodes. */
  readonly seen: (view: NodeView) => void;
  /** With each renewal; `wasGivenUp`: the former lease was over, so that others may have taken this node's share. */
  readonly renewed: (wasGivenUp: boolean) => void;
  readonly report: (error: unknown) => void;
}

/** How often expired leases are looked for. */
const LOOK_MS = 1_000;
const LEASE_SCRIPT = new Script(LEASE);

/** Renews this node's lease every third of it, and looks every second who else lives. */
export class Lease {
  readonly #options: LeaseOptions;
  #timer: NodeJS.Timeout | null = null;
  #renewedAt = -Infinity;
  #hadLease = false;
  #isAsking = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Redis is here: the lease begins, or goes on. */
  async begin(): Promise<void> {
    this.#timer ??= setInterval(() => void this.#tick(), Math.min(LOOK_MS, this.#options.leaseMs / 3)).unref();
    this.#renewedAt = -Infinity;
    await this.#tick();
  }

  /** Redis is away. */
  pause(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Others need not wait for the end of the lease: everything has been given back. */
  async end(): Promise<void> {
    this.pause();
    const { link } = this.#options;
    await link.commands.zrem(link.keys.nodes, link.nodeId);
  }

  async #tick(): Promise<void> {
    // One that Redis is slow to answer is enough.
    if (this.#isAsking) return;
    this.#isAsking = true;
    const now = performance.now();
    const renews = now - this.#renewedAt >= this.#options.leaseMs / 3 - LOOK_MS / 2;
    try {
      await this.#ask(renews);
      if (renews) this.#renewedAt = now;
    } catch (error) {
      if (this.#options.link.isUp) this.#options.report(error);
    } finally {
      this.#isAsking = false;
    }
  }

  async #ask(renews: boolean): Promise<void> {
    const { link, leaseMs, seen, renewed } = this.#options;
    const answer = await LEASE_SCRIPT.run(link, [link.keys.nodes], [link.nodeId, renews ? leaseMs : 0]);
    const [time, former, leases] = answer as [string, string, readonly string[]];
    const now = Number(time);
    const wasGivenUp = former === '' ? this.#hadLease : Number(former) < now;
    if (renews) this.#hadLease = true;
    seen(viewOf(leases, now));
    if (renews) renewed(wasGivenUp);
  }
}

function viewOf(leases: readonly string[], now: number): NodeView {
  const living: string[] = [];
  const expired: string[] = [];
  for (let index = 0; index + 1 < leases.length; index += 2) {
    const node = leases[index] ?? '';
    if (Number(leases[index + 1]) >= now) living.push(node);
    else expired.push(node);
  }
  return { living: living.sort(), expired };
}
