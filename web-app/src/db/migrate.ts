import type { Database } from './knex.ts';
import { migrationSource } from './migrations/index.ts';

/** Any number, the same in every process: who holds it migrates. */
const MIGRATION_LOCK = 7_305_120_041;

const config = { migrationSource, tableName: 'knex_migrations' };

/**
 * Brings the schema up to date; any number of processes may call it at once, and one of them does the work.
 *
 * Everything runs in one transaction, so on one connection: the advisory lock is the transaction's and goes with it
 * however the process ends, and a killed process leaves the schema as it was. Knex keeps a lock row of its own, which
 * somebody's killed `knex migrate:latest` leaves behind; whoever holds the advisory lock knows it for stale.
 */
export async function migrate(db: Database): Promise<void> {
  await db.transaction(async (transaction) => {
    await transaction.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    await transaction.migrate.forceFreeMigrationsLock(config);
    await transaction.migrate.latest(config);
  });
}
