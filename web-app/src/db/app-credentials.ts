import { randomBytes } from 'node:crypto';
import { openDatabase } from './knex.ts';
import { getOrCreateSetting } from './settings-store.ts';

export interface AppCredentials {
  id: string;
  key: string;
  secret: string;
}

/** The default realtime app's credentials, made once for a database. Needs a migrated database. */
export async function readOrCreateAppCredentials(url: string): Promise<AppCredentials> {
  const db = openDatabase(url, { max: 1 });
  try {
    return {
      id: await getOrCreateSetting(db, 'pusher_app_id', () => `app-${randomBytes(4).toString('hex')}`),
      key: await getOrCreateSetting(db, 'pusher_app_key', () => randomBytes(10).toString('hex')),
      secret: await getOrCreateSetting(db, 'pusher_app_secret', () => randomBytes(32).toString('hex')),
    };
  } finally {
    await db.destroy();
  }
}
