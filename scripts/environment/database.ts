import { openEmbeddedDatabase } from '../embedded-database/open.ts';
import type { Environment } from './configuration.ts';
import { checkDatabaseUrl } from './database-url.ts';

/** A database for as long as a command needs it. */
export interface UsedDatabase {
  readonly url: string;
  /** Leaves it as it was found: running when it ran before. */
  release(): Promise<void>;
}

/**
 * The person's own database, or the embedded one: that of a running `npm start`, else started here.
 * @throws PlainError when it cannot be reached
 */
export async function useDatabase(env: Environment, dataDir: string): Promise<UsedDatabase> {
  if (env.DATABASE_URL !== undefined) {
    await checkDatabaseUrl(env.DATABASE_URL);
    return { url: env.DATABASE_URL, release: () => Promise.resolve() };
  }
  const database = await openEmbeddedDatabase(dataDir);
  return { url: database.url, release: () => database.stop() };
}
