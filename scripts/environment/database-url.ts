import pg from 'pg';
import { PlainError } from '../setup/terminal.mjs';

const connectTimeoutMs = 5_000;
const oldestVersion = 130_000;

/**
 * Tries the person's own database once.
 * @throws PlainError that says in one sentence what is wrong with DATABASE_URL; the password is never in it
 */
export async function checkDatabaseUrl(databaseUrl: string): Promise<void> {
  const url = parseUrl(databaseUrl);
  const place = `${url.hostname || 'localhost'}:${url.port || '5432'}`;
  const version = await askVersion(databaseUrl).catch((error: unknown) => {
    throw new PlainError(`DATABASE_URL: ${explain(error, place, url.pathname.slice(1))}`, { cause: error });
  });
  if (version.number >= oldestVersion) return;
  throw new PlainError(`DATABASE_URL: PostgreSQL 13 or newer is needed, and ${place} runs ${version.name}.`);
}

function parseUrl(databaseUrl: string): URL {
  if (URL.canParse(databaseUrl)) {
    const url = new URL(databaseUrl);
    if (url.protocol === 'postgres:' || url.protocol === 'postgresql:') return url;
  }
  throw new PlainError('DATABASE_URL: must look like postgres://user:password@host:5432/database.');
}

async function askVersion(databaseUrl: string): Promise<{ number: number; name: string }> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: connectTimeoutMs });
  // A connection that breaks while nothing is asked is told by the next question.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ number: number; name: string }>(
      "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name",
    );
    return rows[0] ?? { number: 0, name: 'an unknown version' };
  } finally {
    await client.end();
  }
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENOENT',
]);
/** PostgreSQL, Appendix A: invalid_password, invalid_authorization_specification. */
const notLetIn = new Set(['28P01', '28000']);
/** PostgreSQL, Appendix A: invalid_catalog_name. */
const noSuchDatabase = '3D000';

function explain(error: unknown, place: string, database: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (unreachable.has(code)) return `nothing answers at ${place} (${code}).`;
  if (notLetIn.has(code)) return `PostgreSQL at ${place} does not let this user in with this password.`;
  if (code === noSuchDatabase) return `PostgreSQL at ${place} has no database '${database}': please create it.`;
  if (error instanceof pg.DatabaseError) return `PostgreSQL at ${place} says: ${error.message}.`;
  const reason = error instanceof Error ? error.message : String(error);
  return `what answers at ${place} does not seem to be PostgreSQL (${reason}).`;
}
