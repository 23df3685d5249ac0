import type { App } from './app.ts';
import type { AppRegistry } from './app-registry.ts';

/** Apps that are known when the server starts. */
export function staticApps(apps: readonly App[]): AppRegistry {
  const byId = new Map(apps.map((app) => [app.id, app]));
  const byKey = new Map(apps.flatMap((app) => app.credentials.map((credentials) => [credentials.key, app])));
  return {
    byId: (id) => byId.get(id) ?? null,
    byKey: (key) => byKey.get(key) ?? null,
    close: () => Promise.resolve(),
  };
}
