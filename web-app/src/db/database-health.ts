import type { Database } from './knex.ts';

/** Resolves when the database answers. */
export async function pingDatabase(db: Database): Promise<void> {
  await db.raw('select 1');
}

/** As it calls itself: `16.4`. */
export async function databaseVersion(db: Database): Promise<string> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(`select current_setting('server_version') as name`);
  return rows[0]?.name ?? '';
}

const OLDEST_VERSION = 13;

/** A PostgreSQL that this program does not run on. */
export class DatabaseTooOld extends Error {
  constructor(version: string) {
    super(`PostgreSQL ${version} is too old: ${OLDEST_VERSION} or newer is needed.`);
    this.name = 'DatabaseTooOld';
  }
}

/** @throws DatabaseTooOld */
export async function requireSupportedDatabase(db: Database): Promise<void> {
  const { rows } = await db.raw<{ rows: { number: string; name: string }[] }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as name`,
  );
  const [version] = rows;
  if (version && Number(version.number) < OLDEST_VERSION * 10_000) throw new DatabaseTooOld(version.name);
}

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENOENT',
  // PostgreSQL, class 08 and 57: gone, going, or just starting.
  '08000',
  '08001',
  '08003',
  '08006',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

/** Messages of pg, its pool and knex that carry no code. */
const CONNECTION_MESSAGE =
  /Connection terminated|Connection ended|timeout exceeded when trying to connect|Timeout acquiring a connection|pool is probably full|not queryable|connection timeout/i;

/** Whether an error says that the database cannot be reached now, so that the same call may succeed later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && CONNECTION_CODES.has(error.code)) return true;
  if (error instanceof AggregateError && error.errors.some(isDatabaseUnavailable)) return true;
  return CONNECTION_MESSAGE.test(error.message) || isDatabaseUnavailable(error.cause);
}

/** Says in one plain sentence why the database cannot be used, or null when the error is of another kind. Never the password. */
export function explainDatabaseError(error: unknown, databaseUrl: string): string | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof DatabaseTooOld) return error.message;
  const url = new URL(databaseUrl);
  const place = url.host || 'the local socket';
  const name = decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username);
  switch ('code' in error ? error.code : undefined) {
    case '28P01':
    case '28000':
      return `The database at ${place} refused the user name or password of DATABASE_URL.`;
    case '3D000':
      return `There is no database "${name}" at ${place}; create it or correct DATABASE_URL.`;
    case '42501':
      return `The user of DATABASE_URL may not create tables in the database "${name}".`;
    case '57P03':
      return `The database at ${place} is still starting; try again in a moment.`;
  }
  if (isDatabaseUnavailable(error)) {
    return `The database at ${place} cannot be reached; is PostgreSQL running there and DATABASE_URL right?`;
  }
  return null;
}
