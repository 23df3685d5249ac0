import type { App } from './app.ts';
import type { AppRegistry } from './app-registry.ts';
import { AppTable } from './app-table.ts';

/** Apps that are known when the server starts and stay as they are. */
export function staticApps(apps: readonly App[]): AppRegistry {
  const table = new AppTable();
  for (const app of apps) table.put(app.settings);
  return {
    byId: (id) => table.byId(id),
    byKey: (key) => table.byKey(key),
    known: (id) => table.byId(id),
    watch: (changes) => table.watch(changes),
    reload: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
