import type { OperatingUser } from './operating-user.ts';

/** Everything that is needed to run one PostgreSQL cluster. */
export interface Cluster {
  /** PostgreSQL's data folder. */
  readonly folder: string;
  /** The folder that holds PostgreSQL's `bin`, `lib` and `share`. */
  readonly programs: string;
  /** Whom PostgreSQL runs as; null: as ourselves. */
  readonly user: OperatingUser | null;
  /** Where it listens on the loopback address. */
  readonly port: number;
  /** Where its log is appended. */
  readonly logFile: string;
  /** Settings beyond the defaults, by PostgreSQL's names. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The name of the database and of its owner in every embedded cluster. */
export const databaseName = 'openkefu';

/** The only address that an embedded PostgreSQL listens on. */
export const loopback = '127.0.0.1';

/** Keeps every acknowledged row over a kill -9 and a power cut; said although it is the default, since it matters. */
export const durableSettings = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } as const;

/** The environment of PostgreSQL's programs: no `PG…` variable of ours may reach them. */
export function programEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('PG') && !name.startsWith('LC_') && name !== 'LANG',
    ),
  );
}
