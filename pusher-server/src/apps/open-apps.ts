import type { Logger } from '../logger.ts';
import type { App } from './app.ts';
import type { AppRegistry } from './app-registry.ts';
import { DatabaseApps } from './database-apps.ts';
import { FileApps } from './file-apps.ts';
import { LookedUpApps } from './looked-up-apps.ts';
import { staticApps } from './static-apps.ts';

/** Where apps come from: the environment alone, a file that may change, or a table beside the environment's own app. */
export type AppStore =
  | { readonly kind: 'environment' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'database'; readonly url: string };

/** Opens the apps of a store; `known` are those that the configuration holds. Throws `AppDatabaseUnusable`. */
export async function openApps(store: AppStore, known: readonly App[], log: Logger): Promise<AppRegistry> {
  switch (store.kind) {
    case 'environment':
      return staticApps(known);
    case 'file':
      return new FileApps(store.path, known, log);
    case 'database': {
      const complain = (faults: readonly string[]) => log.error({ faults }, 'an app in the database cannot be used');
      const source = await DatabaseApps.open(store.url, complain);
      try {
        await source.check();
      } catch (error) {
        await source.close();
        throw error;
      }
      return new LookedUpApps(source, known, log);
    }
  }
}
