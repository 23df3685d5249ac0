import { prepareApp, type App, type AppSettings } from './app.ts';
import type { AppChanges } from './app-registry.ts';

/** The apps that are known, by id and by each of their keys. Whoever changes it decides what there is to know. */
export class AppTable {
  readonly #byId = new Map<string, App>();
  readonly #byKey = new Map<string, App>();
  #changes: AppChanges | null = null;

  byId(id: string): App | null {
    return this.#byId.get(id) ?? null;
  }

  byKey(key: string): App | null {
    return this.#byKey.get(key) ?? null;
  }

  ids(): readonly string[] {
    return [...this.#byId.keys()];
  }

  watch(changes: AppChanges): void {
    this.#changes = changes;
    for (const app of this.#byId.values()) changes.taken(app);
  }

  /** Takes an app up; one whose settings are as before stays the same object, and nobody is told. */
  put(settings: AppSettings): App {
    const before = this.#byId.get(settings.id);
    if (before !== undefined && JSON.stringify(before.settings) === JSON.stringify(settings)) return before;
    if (before !== undefined) this.#forgetKeys(before);
    const app = prepareApp(settings);
    this.#byId.set(app.id, app);
    for (const { key } of app.credentials) {
      // A previous key never takes a present one away from another app.
      if (key === settings.key || this.#byKey.get(key)?.settings.key !== key) this.#byKey.set(key, app);
    }
    this.#changes?.taken(app);
    return app;
  }

  remove(id: string): void {
    const app = this.#byId.get(id);
    if (app === undefined) return;
    this.#byId.delete(id);
    this.#forgetKeys(app);
    this.#changes?.removed(id);
  }

  /** A key that another app has by now is that app's. */
  #forgetKeys(app: App): void {
    for (const { key } of app.credentials) {
      if (this.#byKey.get(key) === app) this.#byKey.delete(key);
    }
  }
}
