import connectPgSimple from 'connect-pg-simple';
import session from 'express-session';
import pg from 'pg';

export interface SessionStore {
  store: session.Store;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 3000;

/** Sessions in the table `session`, over a small pool of their own that outlives breaks of the database. */
export function openSessionStore(
  databaseUrl: string,
  logger: { warn(fields: object, message: string): void },
): SessionStore {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on('error', (error) => logger.warn({ err: error }, 'a session connection broke'));
  const Store = connectPgSimple(session);
  const store = new Store({
    pool,
    // Sessions are prolonged once a day by a write of their own, not at every request.
    disableTouch: true,
    errorLog: (...parts: unknown[]) => logger.warn({ parts: parts.map(String) }, 'the session store failed'),
  });
  return {
    store,
    async close() {
      store.close();
      await pool.end();
    },
  };
}
