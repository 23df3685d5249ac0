import type { App } from './app.ts';

/**
 * Where apps are looked up. An implementation that keeps its apps in memory answers at once; one that has to ask
 * elsewhere answers with a promise. `null` means that there is no such app.
 */
export interface AppRegistry {
  byId(id: string): App | null | Promise<App | null>;
  byKey(key: string): App | null | Promise<App | null>;
  close(): Promise<void>;
}
