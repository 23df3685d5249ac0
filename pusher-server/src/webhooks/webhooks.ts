import type { App, Webhook } from '../apps/app.ts';
import type { Fact } from '../cluster/cluster.ts';
import { Batcher, type BatchingOptions } from './batcher.ts';
import { isWanted, webhookEvent } from './dialect.ts';
import { noCounts, type SendingCounts } from './sender.ts';

/** What an app's webhooks have sent since the start, and what waits now. `oldestSince` as in `Batcher`. */
export interface WebhookState extends Readonly<SendingCounts> {
  readonly waiting: number;
  readonly oldestSince: number | null;
}

/** The queues of one app by webhook, and what those counted that are gone. */
interface AppQueues {
  readonly batchers: Map<string, Batcher>;
  readonly former: SendingCounts;
}

/** Takes facts to the webhooks that ask for them; each webhook of each app has a queue of its own. */
export class Webhooks {
  readonly #options: BatchingOptions;
  readonly #apps = new Map<string, AppQueues>();
  readonly #routes = new WeakMap<App, readonly { readonly webhook: Webhook; readonly batcher: Batcher }[]>();

  constructor(options: BatchingOptions) {
    this.#options = options;
  }

  /** What the metrics tell of an app. */
  state(appId: string): WebhookState {
    const { batchers, former } = this.#apps.get(appId) ?? { batchers: new Map<string, Batcher>(), former: noCounts() };
    const totals = { ...former };
    let waiting = 0;
    let oldestSince: number | null = null;
    for (const batcher of batchers.values()) {
      addCounts(totals, batcher.counts);
      waiting += batcher.length;
      const since = batcher.oldestSince;
      if (since !== null) oldestSince = Math.min(since, oldestSince ?? since);
    }
    return { ...totals, waiting, oldestSince };
  }

  /** Lets go of queues that an app has no webhook for any more, once they are empty; `null`: the app was removed. */
  forgetUnused(appId: string, app: App | null): void {
    const queues = this.#apps.get(appId);
    if (queues === undefined) return;
    const used = new Set(app?.settings.webhooks.map((webhook) => JSON.stringify(webhook)));
    for (const [name, batcher] of queues.batchers) {
      if (used.has(name) || batcher.length > 0) continue;
      addCounts(queues.former, batcher.counts);
      queues.batchers.delete(name);
    }
    if (app === null && queues.batchers.size === 0) this.#apps.delete(appId);
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
    const batchers = [...this.#apps.values()].flatMap((queues) => [...queues.batchers.values()]);
    const flushed = Promise.all(batchers.map((batcher) => batcher.flush()));
    const timer = setTimeout(() => {
      for (const batcher of batchers) batcher.close();
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
    let queues = this.#apps.get(app.id);
    if (queues === undefined) this.#apps.set(app.id, (queues = { batchers: new Map(), former: noCounts() }));
    const name = JSON.stringify(webhook);
    let batcher = queues.batchers.get(name);
    if (batcher === undefined) queues.batchers.set(name, (batcher = new Batcher(this.#options)));
    return batcher;
  }
}

function addCounts(totals: SendingCounts, counts: SendingCounts): void {
  totals.attempts += counts.attempts;
  totals.failures += counts.failures;
  totals.delivered += counts.delivered;
  totals.dropped += counts.dropped;
}
