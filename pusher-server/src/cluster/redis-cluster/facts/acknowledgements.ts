import type { SendingScripts, SendLease } from './sending-scripts.ts';

/**
 * What Redis need not keep any more of one bucket: deliveries that ended, and facts that are settled. What a tick brings
 * goes out together, one call at a time, and is repeated until Redis has taken it.
 */
export class Acknowledgements {
  readonly #bucket: number;
  readonly #scripts: Pick<SendingScripts, 'acknowledge'>;
  readonly #refused: () => void;
  #lease: SendLease | null = null;
  #ended: string[] = [];
  #settled: string[] = [];
  #sending: Promise<void> | null = null;

  /** `refused`: another node sends now. */
  constructor(bucket: number, scripts: Pick<SendingScripts, 'acknowledge'>, refused: () => void) {
    this.#bucket = bucket;
    this.#scripts = scripts;
    this.#refused = refused;
  }

  /** The lease is there, or there still: what Redis has not taken yet is sent again. */
  under(lease: SendLease): void {
    this.#lease = lease;
    this.#send();
  }

  ended(deliveryId: string): void {
    this.#ended.push(deliveryId);
    this.#send();
  }

  settled(id: string): void {
    this.#settled.push(id);
    this.#send();
  }

  /** Answers whether Redis has taken everything, once that is decided. */
  async flush(): Promise<boolean> {
    await this.#sending;
    this.#send();
    await this.#sending;
    return this.#ended.length + this.#settled.length === 0;
  }

  /** The lease is gone, and with it the right to say anything. */
  forget(): void {
    this.#lease = null;
    this.#ended = [];
    this.#settled = [];
  }

  #send(): void {
    if (this.#lease === null || this.#ended.length + this.#settled.length === 0) return;
    this.#sending ??= this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    // Whatever else is settled in this tick goes out with it.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#lease !== null && this.#ended.length + this.#settled.length > 0) {
      const lease = this.#lease;
      const [ended, settled] = [this.#ended, this.#settled];
      this.#ended = [];
      this.#settled = [];
      try {
        if (!(await this.#scripts.acknowledge(this.#bucket, lease, ended, settled))) this.#refused();
      } catch {
        // Redis is away; the next renewal of the lease sends it again, if there is one.
        if (this.#lease?.fence === lease.fence) {
          this.#ended.unshift(...ended);
          this.#settled.unshift(...settled);
        }
        break;
      }
    }
    // In the same step in which nothing more was found.
    this.#sending = null;
  }
}
