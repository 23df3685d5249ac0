import type { App } from '../apps/app.ts';
import type { AppRegistry } from '../apps/app-registry.ts';
import type { Fact, FactReceipt } from '../cluster/cluster.ts';
import type { Webhooks } from './webhooks.ts';

interface Waiting {
  readonly fact: Fact;
  readonly receipt: FactReceipt;
}

export interface FactIntakeOptions {
  readonly apps: Pick<AppRegistry, 'byId' | 'known'>;
  readonly webhooks: Pick<Webhooks, 'dispatch'>;
}

/** Before an app is asked for again that nobody could tell of. */
const RETRY_MS = 1_000;
/** Facts of one app that wait for it; beyond, the oldest is given up. */
const MAX_WAITING = 10_000;

/**
 * Takes facts to the webhooks of their apps. A node may have to send facts of an app that it never had a connection of:
 * such an app is looked up first, and its facts wait, in order. Those of an app that does not exist are nobody's.
 */
export class FactIntake {
  readonly #options: FactIntakeOptions;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: FactIntakeOptions) {
    this.#options = options;
  }

  take(fact: Fact, receipt: FactReceipt): void {
    const waiting = this.#waiting.get(fact.appId);
    const app = waiting === undefined ? this.#options.apps.known(fact.appId) : null;
    if (app !== null) {
      this.#options.webhooks.dispatch(app, fact, receipt);
    } else if (waiting === undefined) {
      this.#waiting.set(fact.appId, [{ fact, receipt }]);
      void this.#ask(fact.appId);
    } else {
      if (waiting.length >= MAX_WAITING) waiting.shift()?.receipt.settled();
      waiting.push({ fact, receipt });
    }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#waiting.clear();
  }

  async #ask(appId: string): Promise<void> {
    try {
      this.#hand(appId, await this.#options.apps.byId(appId));
    } catch {
      // The registry has said that it cannot be asked; what is not known yet cannot be given up.
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.#ask(appId);
      }, RETRY_MS);
      this.#timers.add(timer.unref());
    }
  }

  #hand(appId: string, app: App | null): void {
    const waiting = this.#waiting.get(appId) ?? [];
    this.#waiting.delete(appId);
    for (const { fact, receipt } of waiting) {
      if (app === null) receipt.settled();
      else this.#options.webhooks.dispatch(app, fact, receipt);
    }
  }
}
