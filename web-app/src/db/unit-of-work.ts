import type { Database } from './knex.ts';

/** Told after commit that rows were written into these outbox lanes. */
export interface Announcer {
  announce(lanes: readonly number[]): void;
}

/**
 * What stores work on: a handle, and whom to tell about outbox rows. Over the pool each statement commits by itself
 * and is announced at once; inside `transaction` everything commits together and is announced then.
 */
export interface Work {
  readonly db: Database;
  /** Call it when the statement that wrote into the lane has returned. */
  wrote(lane: number): void;
  /** Inside a transaction already: runs the job in it. */
  transaction<T>(job: (work: Work) => Promise<T>): Promise<T>;
}

/** A deadlock's victim was rolled back whole, so the job may simply run again. */
const DEADLOCK_DETECTED = '40P01';
const ATTEMPTS = 4;

export function openWork(db: Database, announcer: Announcer): Work {
  return {
    db,
    wrote: (lane) => announcer.announce([lane]),
    transaction: async (job) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await runOnce(db, announcer, job);
        } catch (error) {
          if (attempt === ATTEMPTS || sqlState(error) !== DEADLOCK_DETECTED) throw error;
        }
      }
    },
  };
}

async function runOnce<T>(db: Database, announcer: Announcer, job: (work: Work) => Promise<T>): Promise<T> {
  const lanes = new Set<number>();
  const result = await db.transaction((transaction) => {
    const work: Work = {
      db: transaction,
      wrote: (lane) => void lanes.add(lane),
      transaction: (inner) => inner(work),
    };
    return job(work);
  });
  if (lanes.size > 0) announcer.announce([...lanes]);
  return result;
}

/** PostgreSQL's five-character error code; null for what is not the database's error. */
function sqlState(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** True when the error says that the named unique constraint or index has such a row already. */
export function violates(error: unknown, constraint: string): boolean {
  return (
    sqlState(error) === '23505' && error instanceof Error && 'constraint' in error && error.constraint === constraint
  );
}

/** Runs a job with services made over one transaction; what they told is announced after commit. */
export type Transaction<Services> = <T>(job: (services: Services) => Promise<T>) => Promise<T>;
