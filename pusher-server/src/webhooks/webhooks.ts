import { createHash } from 'node:crypto';
import type { App, Webhook } from '../apps/app.ts';
import type { Delivery, Fact, FactReceipt } from '../cluster/cluster.ts';
import { Batcher, type BatchingOptions } from './batcher.ts';
import { isWanted, webhookEvent } from './dialect.ts';
import { noCounts, type SendingCounts } from './sender.ts';

/** What an app's webhooks have sent since the start, and what waits now. `oldestSince` as in `Batcher`. */
export interface WebhookState extends Readonly<SendingCounts> {
  readonly waiting: number;
  readonly oldestSince: number | null;
}

/** The queues of one app by destination, and what those counted that are gone. */
interface AppQueues {
  readonly batchers: Map<string, Batcher>;
  readonly former: SendingCounts;
}

interface Route {
  readonly webhook: Webhook;
  readonly destination: string;
  readonly batcher: Batcher;
}

/** Takes facts to the webhooks that ask for them; each webhook of each app has a queue of its own. */
export class Webhooks {
  readonly #options: BatchingOptions;
  readonly #apps = new Map<string, AppQueues>();
  readonly #routes = new WeakMap<App, readonly Route[]>();

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
    const used = new Set(app?.settings.webhooks.map(destinationOf));
    for (const [name, batcher] of queues.batchers) {
      if (used.has(name) || batcher.length > 0) continue;
      addCounts(queues.former, batcher.counts);
      queues.batchers.delete(name);
    }
    if (app === null && queues.batchers.size === 0) this.#apps.delete(appId);
  }

  /** Queues a fact for every destination that wants it and does not have it. */
  dispatch(app: App, fact: Fact, receipt: FactReceipt): void {
    const routes = this.#routesOf(app).filter(
      ({ webhook, destination }) => isWanted(webhook, fact) && !receipt.isSentTo(destination),
    );
    let open = routes.length;
    if (open === 0) receipt.settled();
    for (const { webhook, batcher } of routes) {
      batcher.push(app, webhook, webhookEvent(fact, webhook.dialect), receipt, () => {
        open -= 1;
        if (open === 0) receipt.settled();
      });
    }
  }

  /** Queues a delivery that a former sender began, also for a destination that is not set any more. */
  redeliver(delivery: Delivery, receipt: FactReceipt): void {
    this.#batcherOf(delivery.appId, delivery.destination).repeat(delivery, receipt);
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

  #routesOf(app: App): readonly Route[] {
    let routes = this.#routes.get(app);
    if (routes === undefined) {
      routes = app.settings.webhooks.map((webhook) => {
        const destination = destinationOf(webhook);
        return { webhook, destination, batcher: this.#batcherOf(app.id, destination) };
      });
      this.#routes.set(app, routes);
    }
    return routes;
  }

  /** The same webhook keeps its queue when other settings of its app change. */
  #batcherOf(appId: string, destination: string): Batcher {
    let queues = this.#apps.get(appId);
    if (queues === undefined) this.#apps.set(appId, (queues = { batchers: new Map(), former: noCounts() }));
    let batcher = queues.batchers.get(destination);
    if (batcher === undefined) queues.batchers.set(destination, (batcher = new Batcher(destination, this.#options)));
    return batcher;
  }
}

/** A short name for all that is set about a webhook, its secrets included; the same on every node. */
function destinationOf(webhook: Webhook): string {
  return createHash('sha256').update(JSON.stringify(webhook)).digest('base64url').slice(0, 16);
}

function addCounts(totals: SendingCounts, counts: SendingCounts): void {
  totals.attempts += counts.attempts;
  totals.failures += counts.failures;
  totals.delivered += counts.delivered;
  totals.dropped += counts.dropped;
}
