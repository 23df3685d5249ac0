import type { Knex } from 'knex';
import type { AppSettings } from './app.ts';
import { AppDatabaseUnusable } from './app-registry.ts';
import { AppsFault } from './apps-file.ts';
import { APP_COLUMNS, appOfRow, type AppRow } from './database-apps-rows.ts';
import type { AppSource } from './looked-up-apps.ts';

const MAX_CONNECTIONS = 4;
const TIMEOUT_MS = 5_000;
/** Ids in one question. */
const CHUNK = 1_000;

/** Reads apps from table `apps` of a PostgreSQL database; web-app's migrations make the table. SPEC.md A5. */
export class DatabaseApps implements AppSource {
  readonly #db: Knex;
  readonly #complain: (lines: readonly string[]) => void;
  readonly #complaints = new Map<string, string>();

  private constructor(db: Knex, complain: (lines: readonly string[]) => void) {
    this.#db = db;
    this.#complain = complain;
  }

  /** Nothing connects before the first question. `complain` hears of rows that are no apps, once for each fault. */
  static async open(url: string, complain: (lines: readonly string[]) => void): Promise<DatabaseApps> {
    // Only here: a server without a database need not load its client.
    const { default: knex } = await import('knex');
    const db = knex({
      client: 'pg',
      connection: {
        connectionString: url,
        application_name: 'openkefu-pusher-server',
        connectionTimeoutMillis: TIMEOUT_MS,
        query_timeout: TIMEOUT_MS,
      },
      pool: { min: 0, max: MAX_CONNECTIONS },
      acquireConnectionTimeout: TIMEOUT_MS,
      // What goes wrong is told by the question that failed.
      log: { warn: () => undefined, error: () => undefined },
    });
    return new DatabaseApps(db, complain);
  }

  /** How many apps there are, and what is wrong with those that cannot be used. Throws `AppDatabaseUnusable`. */
  async check(): Promise<{ readonly apps: number; readonly faults: readonly string[] }> {
    let rows: readonly AppRow[];
    try {
      rows = await this.#apps();
    } catch (error) {
      throw new AppDatabaseUnusable(`DATABASE_URL: table apps cannot be read (${reasonOf(error)}).`, { cause: error });
    }
    const faults = rows.flatMap((row) => {
      const app = readRow(row);
      return app instanceof AppsFault ? app.lines : [];
    });
    return { apps: rows.length, faults };
  }

  async byId(id: string): Promise<AppSettings | null> {
    const [row] = await this.#apps().where('id', id);
    return row === undefined ? null : this.#read(row);
  }

  async byKey(key: string): Promise<AppSettings | null> {
    const rows = await this.#apps().where('key', key).orWhere('previous_key', key).limit(2);
    const row = rows.find((candidate) => candidate['key'] === key) ?? rows[0];
    return row === undefined ? null : this.#read(row);
  }

  /** The apps among these ids that exist. One whose row cannot be used is `unusable`, which is not the same as gone. */
  async byIds(
    ids: readonly string[],
  ): Promise<{ readonly apps: readonly AppSettings[]; readonly unusable: readonly string[] }> {
    const apps: AppSettings[] = [];
    const unusable: string[] = [];
    for (let from = 0; from < ids.length; from += CHUNK) {
      for (const row of await this.#apps().whereIn('id', ids.slice(from, from + CHUNK))) {
        const app = this.#read(row);
        if (app === null) unusable.push(String(row['id']));
        else apps.push(app);
      }
    }
    return { apps, unusable };
  }

  close(): Promise<void> {
    return this.#db.destroy();
  }

  #apps() {
    return this.#db<AppRow>('apps').select<AppRow[]>(APP_COLUMNS);
  }

  #read(row: AppRow): AppSettings | null {
    const id = String(row['id']);
    const app = readRow(row);
    if (!(app instanceof AppsFault)) {
      this.#complaints.delete(id);
      return app;
    }
    if (this.#complaints.get(id) !== app.message) this.#complain(app.lines);
    this.#complaints.set(id, app.message);
    return null;
  }
}

function readRow(row: AppRow): AppSettings | AppsFault {
  try {
    return appOfRow(row);
  } catch (error) {
    if (error instanceof AppsFault) return error;
    throw error;
  }
}

/** PostgreSQL, Appendix A: undefined_table. */
const NO_TABLE = '42P01';

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === NO_TABLE) {
    return 'the table does not exist: start web-app or npm run pusher-server on this database once, which make it';
  }
  // Knex puts the statement in front of what the server said.
  const message = error.message.split(' - ').at(-1) ?? error.message;
  return message !== '' ? message : 'code' in error ? String(error.code) : error.name;
}
