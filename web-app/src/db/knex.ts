import knex from 'knex';
import type { Knex } from 'knex';
import pg from 'pg';

/** A database handle: the pool, or one transaction of it. */
export type Database = Knex;

const INT8 = 20;
const INT8_ARRAY = 1016;

/**
 * The one place where PostgreSQL's `int8` becomes a JavaScript number: ids are far below 2^53, and a number compares
 * and serialises as people expect.
 */
const types = {
  getTypeParser: (oid: number, format: string): unknown => {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary');
    if (oid === INT8) return Number;
    if (oid === INT8_ARRAY) return int8Array;
    return pg.types.getTypeParser(oid, 'text');
  },
};

/** `{1,2}` → `[1, 2]`; the product's arrays of ids hold no nulls. */
function int8Array(text: string): number[] {
  const inner = text.slice(1, -1);
  return inner === '' ? [] : inner.split(',').map(Number);
}

/**
 * Opens a pool. Nothing connects before the first query. `max`: connections at most (10). `warn` hears what knex has to
 * say, of broken connections above all; the calls that needed them fail by themselves, so nobody must listen.
 */
export function openDatabase(url: string, options: { max?: number; warn?: (message: string) => void } = {}): Database {
  const warn = (message: unknown) => options.warn?.(String(message));
  return knex({
    client: 'pg',
    connection: { connectionString: url, types, application_name: 'openkefu' },
    pool: { min: 0, max: options.max ?? 10 },
    acquireConnectionTimeout: 15_000,
    log: { warn, error: warn, deprecate: warn },
  });
}
