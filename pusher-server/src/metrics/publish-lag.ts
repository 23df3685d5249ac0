import { Histogram } from 'prom-client';

/** In seconds: an event is handed on within a fraction of a millisecond, unless the process is kept busy. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** How long events waited in this process: from the arrival of a request to the moment when all its events were handed on. */
export class PublishLag {
  readonly histogram: Histogram<'app_id' | 'port'>;
  readonly #port: () => number;
  readonly #apps = new Set<string>();

  /** `port`: the server's own, known when requests come. `apps`: all that have a value, a zero when nothing came yet. */
  constructor(prefix: string, port: () => number, apps: () => Iterable<{ readonly appId: string }>) {
    this.#port = port;
    this.histogram = new Histogram({
      name: `${prefix}publish_lag_seconds`,
      help: 'From the arrival of a request that publishes to the moment when its events were handed to all sockets.',
      labelNames: ['app_id', 'port'],
      buckets: BUCKETS,
      registers: [],
      collect: () => {
        for (const { appId } of apps()) this.#show(appId);
      },
    });
  }

  /** Takes one request into account that came at `since` (milliseconds of `performance.now()`). */
  observe(appId: string, since: number): void {
    this.#apps.add(appId);
    this.histogram.observe({ app_id: appId, port: this.#port() }, (performance.now() - since) / 1_000);
  }

  /** Forgets a removed app. */
  forget(appId: string): void {
    this.#apps.delete(appId);
    this.histogram.remove({ app_id: appId, port: this.#port() });
  }

  #show(appId: string): void {
    if (this.#apps.has(appId)) return;
    this.#apps.add(appId);
    this.histogram.zero({ app_id: appId, port: this.#port() });
  }
}
