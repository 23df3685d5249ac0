import type { App, Webhook } from '../apps/app.ts';
import type { Fact } from '../cluster/cluster.ts';
import { Batcher, type BatchingOptions } from './batcher.ts';
import { isWanted, webhookEvent } from './dialect.ts';

/** Takes facts to the webhooks that ask for them; each webhook of each app has a queue of its own. */
export class Webhooks {
  readonly #options: BatchingOptions;
  readonly #batchers = new Map<string, Batcher>();
  readonly #routes = new WeakMap<App, readonly { readonly webhook: Webhook; readonly batcher: Batcher }[]>();

  constructor(options: BatchingOptions) {
    this.#options = options;
  }

  /** The queues by app, for the metrics. */
  get batchers(): ReadonlyMap<string, Batcher> {
    return this.#batchers;
  }

  /** Queues a fact; `settled` is called when every destination took it or gave it up. */
  dispatch(app: App, fact: Fact, settled: () => void): void {
    const routes = this.#routesOf(app).filter(({ webhook }) => isWanted(webhook, fact));
    let open = routes.length;
    if (open === 0) settled();
    for (const { webhook, batcher } of routes) {
      batcher.push(app, webhook, webhookEvent(fact, webhook.dialect), () => {
        open -= 1;
        if (open === 0) settled();
      });
    }
  }

  /** Sends what waits, for at most `deadlineMs`; what is left then is given up. */
  async close(deadlineMs: number): Promise<void> {
    const flushed = Promise.all([...this.#batchers.values()].map((batcher) => batcher.flush()));
    const timer = setTimeout(() => {
      for (const batcher of this.#batchers.values()) batcher.close();
    }, deadlineMs);
    await flushed;
    clearTimeout(timer);
  }

  #routesOf(app: App) {
    let routes = this.#routes.get(app);
    if (routes === undefined) {
      routes = app.settings.webhooks.map((webhook) => ({ webhook, batcher: this.#batcherOf(app, webhook) }));
      this.#routes.set(app, routes);
    }
    return routes;
  }

  /** The same webhook keeps its queue when other settings of its app change. */
  #batcherOf(app: App, webhook: Webhook): Batcher {
    const key = `${app.id} ${JSON.stringify(webhook)}`;
    let batcher = this.#batchers.get(key);
    if (batcher === undefined) this.#batchers.set(key, (batcher = new Batcher(this.#options)));
    return batcher;
  }
}
