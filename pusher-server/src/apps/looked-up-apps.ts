import type { Logger } from '../logger.ts';
import type { App, AppSettings } from './app.ts';
import { AppLookupFailed, type AppChanges, type AppRegistry } from './app-registry.ts';
import { AppTable } from './app-table.ts';

/** Where apps lie that are not known yet. Everything may reject while it cannot be reached. */
export interface AppSource {
  byId(id: string): Promise<AppSettings | null>;
  byKey(key: string): Promise<AppSettings | null>;
  byIds(
    ids: readonly string[],
  ): Promise<{ readonly apps: readonly AppSettings[]; readonly unusable: readonly string[] }>;
  close(): Promise<void>;
}

/** Times in milliseconds, and bounds; tests make them small. */
export interface LookupLimits {
  /** How often known apps are read again, and how long it is believed that an app does not exist. */
  readonly refreshMs: number;
  /** Ids and keys that are remembered as unknown; beyond, the oldest is forgotten. */
  readonly maxUnknown: number;
  /** Questions at a time; beyond, the answer is that nobody can tell. */
  readonly maxPending: number;
}

const LIMITS: LookupLimits = { refreshMs: 2_000, maxUnknown: 10_000, maxPending: 1_000 };

/**
 * Apps that are looked up when they are first named. From then on an app is known and answered at once, and read again
 * every two seconds; that one does not exist is believed as long. When the source is away, what is known stays so.
 * Apps of the environment stand beside those of the source and before them. SPEC.md A5.
 */
export class LookedUpApps implements AppRegistry {
  readonly #source: AppSource;
  readonly #log: Logger;
  readonly #limits: LookupLimits;
  readonly #fixed = new AppTable();
  readonly #table = new AppTable();
  /** What was asked for and does not exist, with the time until which that is believed; the oldest stand in front. */
  readonly #unknown = new Map<string, number>();
  readonly #pending = new Map<string, Promise<App | null>>();
  #timer: NodeJS.Timeout | null = null;
  #refreshing: Promise<void> | null = null;
  #away = false;

  constructor(source: AppSource, fixed: readonly App[], log: Logger, limits: LookupLimits = LIMITS) {
    this.#source = source;
    this.#log = log;
    this.#limits = limits;
    for (const app of fixed) this.#fixed.put(app.settings);
  }

  byId(id: string): App | null | Promise<App | null> {
    return this.known(id) ?? this.#lookUp(`id ${id}`, () => this.#source.byId(id));
  }

  byKey(key: string): App | null | Promise<App | null> {
    return (
      this.#fixed.byKey(key) ?? this.#table.byKey(key) ?? this.#lookUp(`key ${key}`, () => this.#source.byKey(key))
    );
  }

  known(id: string): App | null {
    return this.#fixed.byId(id) ?? this.#table.byId(id);
  }

  watch(changes: AppChanges): void {
    this.#fixed.watch(changes);
    this.#table.watch(changes);
    this.#timer = setInterval(() => void this.#refresh(), this.#limits.refreshMs);
    this.#timer.unref();
  }

  /** Never rejects. */
  async reload(): Promise<void> {
    this.#unknown.clear();
    await this.#refresh();
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#refreshing;
    await this.#source.close();
  }

  #lookUp(name: string, ask: () => Promise<AppSettings | null>): null | Promise<App | null> {
    const until = this.#unknown.get(name);
    if (until !== undefined && until > performance.now()) return null;
    let pending = this.#pending.get(name);
    if (pending === undefined) {
      if (this.#pending.size >= this.#limits.maxPending) {
        return Promise.reject(new AppLookupFailed('Too many apps are being looked up'));
      }
      pending = this.#answer(name, ask).finally(() => this.#pending.delete(name));
      this.#pending.set(name, pending);
    }
    return pending;
  }

  async #answer(name: string, ask: () => Promise<AppSettings | null>): Promise<App | null> {
    let found: AppSettings | null;
    try {
      found = await ask();
    } catch (cause) {
      this.#isAway(cause);
      throw new AppLookupFailed('Apps cannot be looked up now', { cause });
    }
    this.#isBack();
    if (found !== null && this.#fixed.byId(found.id) === null) return this.#table.put(found);
    this.#believeUnknown(name);
    return null;
  }

  #believeUnknown(name: string): void {
    this.#unknown.delete(name);
    this.#unknown.set(name, performance.now() + this.#limits.refreshMs);
    if (this.#unknown.size <= this.#limits.maxUnknown) return;
    const [oldest] = this.#unknown.keys();
    if (oldest !== undefined) this.#unknown.delete(oldest);
  }

  #refresh(): Promise<void> {
    this.#refreshing ??= this.#readAgain().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #readAgain(): Promise<void> {
    const ids = this.#table.ids();
    if (ids.length === 0) return;
    try {
      const { apps, unusable } = await this.#source.byIds(ids);
      // A row that somebody is in the middle of editing must not end its app's connections.
      const kept = new Set([...apps.map(({ id }) => id), ...unusable]);
      for (const id of ids) {
        if (!kept.has(id)) this.#table.remove(id);
      }
      for (const app of apps) this.#table.put(app);
      this.#isBack();
    } catch (error) {
      this.#isAway(error);
    }
  }

  #isAway(error: unknown): void {
    if (!this.#away) this.#log.error({ err: error }, 'apps cannot be looked up; those that are known stay as they are');
    this.#away = true;
  }

  #isBack(): void {
    if (this.#away) this.#log.info('apps can be looked up again');
    this.#away = false;
  }
}
