import { prepareDatabase } from '../../web-app/src/db/prepare.ts';
import type { Environment } from './configuration.ts';

/** Makes the table that pusher-server reads with `PUSHER_APP_STORE=database`; it has no migrations of its own. */
export async function prepareAppStore(env: Environment, databaseUrl: string | undefined): Promise<void> {
  if (env.PUSHER_APP_STORE === 'database' && databaseUrl !== undefined) await prepareDatabase(databaseUrl);
}
