import type { Metric } from 'prom-client';

/** In seconds: an event is handed on within a fraction of a millisecond, unless the process is kept busy. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** What one app has had: how many requests by bucket, the last for those beyond all, and the sum of their seconds. */
interface AppLag {
  readonly counts: number[];
  sum: number;
}

/** What a registry of prom-client asks of a metric, where its own types ask for one of its classes. */
interface ReadableMetric {
  readonly name: string;
  get(): Promise<object>;
}

/**
 * How long events waited in this process: from the arrival of a request to the moment when all its events were handed
 * on. Counted by hand, since prom-client's histogram costs as much a request as parsing its body.
 */
export class PublishLag {
  readonly #port: () => number;
  readonly #known: () => Iterable<{ readonly appId: string }>;
  readonly #apps = new Map<string, AppLag>();
  readonly #name: string;

  /** `port`: the server's own, known when requests come. `apps`: all that have a value, a zero when nothing came yet. */
  constructor(prefix: string, port: () => number, apps: () => Iterable<{ readonly appId: string }>) {
    this.#name = `${prefix}publish_lag_seconds`;
    this.#port = port;
    this.#known = apps;
  }

  /** For a registry of metrics. */
  get metric(): Metric {
    const metric: ReadableMetric = { name: this.#name, get: () => Promise.resolve(this.#read()) };
    return metric as unknown as Metric;
  }

  /** Takes one request into account that came at `since` (milliseconds of `performance.now()`). */
  observe(appId: string, since: number): void {
    const lag = this.#of(appId);
    const seconds = (performance.now() - since) / 1_000;
    let bucket = 0;
    while (bucket < BUCKETS.length && seconds > (BUCKETS[bucket] ?? 0)) bucket += 1;
    lag.counts[bucket] = (lag.counts[bucket] ?? 0) + 1;
    lag.sum += seconds;
  }

  /** Forgets a removed app. */
  forget(appId: string): void {
    this.#apps.delete(appId);
  }

  #of(appId: string): AppLag {
    let lag = this.#apps.get(appId);
    if (lag === undefined) this.#apps.set(appId, (lag = { counts: [...BUCKETS, Infinity].map(() => 0), sum: 0 }));
    return lag;
  }

  #read() {
    for (const { appId } of this.#known()) this.#of(appId);
    return {
      name: this.#name,
      help: 'From the arrival of a request that publishes to the moment when its events were handed to all sockets.',
      type: 'histogram',
      aggregator: 'sum',
      values: [...this.#apps].flatMap(([appId, lag]) => this.#valuesOf(appId, lag)),
    };
  }

  /** A bucket of this format counts what is in the smaller ones too. */
  #valuesOf(appId: string, { counts, sum }: AppLag) {
    const labels = { app_id: appId, port: this.#port() };
    let total = 0;
    const buckets = counts.map((count, bucket) => {
      total += count;
      const le = BUCKETS[bucket] ?? '+Inf';
      return { metricName: `${this.#name}_bucket`, labels: { le, ...labels }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${this.#name}_sum`, labels, value: sum },
      { metricName: `${this.#name}_count`, labels, value: total },
    ];
  }
}
