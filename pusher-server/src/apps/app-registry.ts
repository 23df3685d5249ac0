import type { App } from './app.ts';

/** What becomes of apps while the server runs. */
export interface AppChanges {
  /** An app has come, or has other settings than before. */
  taken(app: App): void;
  removed(appId: string): void;
}

/** An app cannot be looked up at the moment; it may exist. */
export class AppLookupFailed extends Error {
  readonly code = 'app_lookup_failed';
}

/** The database of apps cannot be used; the message says in one sentence why. The password is never in it. */
export class AppDatabaseUnusable extends Error {
  readonly code = 'app_database_unusable';
}

/**
 * Where apps are looked up. What is known is answered at once; what has to be asked for elsewhere is answered with a
 * promise, which rejects with `AppLookupFailed` when nobody can tell. `null` means that there is no such app.
 */
export interface AppRegistry {
  byId(id: string): App | null | Promise<App | null>;
  byKey(key: string): App | null | Promise<App | null>;
  /** The app with this id if it is known here, as every app is that has connections. */
  known(id: string): App | null;
  /** Begins to look for changes, and tells of every app that is known already. */
  watch(changes: AppChanges): void;
  /** Takes up changes now, not only soon. */
  reload(): Promise<void>;
  close(): Promise<void>;
}
