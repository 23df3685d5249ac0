import pg from 'pg';
import { OUTBOX_CHANNEL, RELAY_LOCK_SPACE } from './outbox-store.ts';

export interface OutboxListener {
  /** Whether the connection stands, and with it the proof that this owner lives. */
  isConnected(): boolean;
  close(): Promise<void>;
}

export interface OutboxListening {
  databaseUrl: string;
  /** The relay that this connection speaks for. */
  owner: string;
  /** The connection stands (again): notices may have been missed. */
  onConnected(): void;
  /** These lanes have new rows. */
  onWork(lanes: number[]): void;
  /** A process gave its lanes back. */
  onLanesFreed(): void;
  logger: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2000;
const CONNECT_TIMEOUT_MS = 5000;

/**
 * A connection of its own that hears NOTIFY and comes back by itself. While it stands it holds a shared advisory lock
 * in the owner's name, which PostgreSQL frees the moment the process dies: others need not wait for the lease to end.
 */
export function listenToOutbox(listening: OutboxListening): OutboxListener {
  const { databaseUrl, owner, logger } = listening;
  let client: pg.Client | null = null;
  let connected = false;
  let closed = false;
  let retryMs = FIRST_RETRY_MS;
  let timer: NodeJS.Timeout | null = null;

  async function connect(): Promise<void> {
    timer = null;
    const next = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'openkefu relay',
    });
    client = next;
    // pg emits both `error` and `end` when a connection breaks; only the first may start a retry.
    next.on('error', (error) => lost(next, error));
    next.on('end', () => lost(next, new Error('the connection ended')));
    next.on('notification', ({ payload }) => heard(payload ?? ''));
    try {
      await next.connect();
      await next.query('select pg_advisory_lock_shared($1, hashtext($2))', [RELAY_LOCK_SPACE, owner]);
      await next.query(`listen ${OUTBOX_CHANNEL}`);
    } catch (error) {
      lost(next, error);
      return;
    }
    if (client !== next) return;
    if (retryMs > FIRST_RETRY_MS) logger.info({}, 'listening to the database again');
    connected = true;
    retryMs = FIRST_RETRY_MS;
    listening.onConnected();
  }

  function heard(payload: string): void {
    if (payload === '') return listening.onLanesFreed();
    listening.onWork(payload.split(',').map(Number).filter(Number.isInteger));
  }

  function lost(broken: pg.Client, error: unknown): void {
    if (client !== broken) return;
    client = null;
    connected = false;
    broken.end().catch((cause: unknown) => logger.warn({ err: cause }, 'a broken connection did not close'));
    if (closed) return;
    if (retryMs === FIRST_RETRY_MS) logger.warn({ err: error }, 'not listening to the database, trying again');
    timer = setTimeout(() => void connect(), retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }

  void connect();
  return {
    isConnected: () => connected,
    async close() {
      closed = true;
      connected = false;
      if (timer) clearTimeout(timer);
      const last = client;
      client = null;
      await last?.end();
    },
  };
}
