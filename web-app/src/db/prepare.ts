import { openDatabase } from './knex.ts';
import { migrate } from './migrate.ts';

/** Migrates the database at `url` and leaves no connection behind. For scripts and tests. */
export async function prepareDatabase(url: string): Promise<void> {
  const db = openDatabase(url, { max: 1 });
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}
