import type { Client, QueryResultRow } from 'pg';
import type { Database } from './knex.ts';

/** A statement that is made all the time. Each connection reads and plans it once and knows it by its name from then on. */
export interface Statement {
  readonly name: string;
  /** With `$1`, `$2` …, one for each of `values`. */
  readonly text: string;
  readonly values: readonly string[];
}

type Value = string | number | boolean | Buffer | null | readonly (string | number | Buffer | null)[];

/** Values by their names. */
export type Given = Readonly<Record<string, Value>>;

/** `:name`, but neither a cast (`::int`) nor a piece of a time's format (`HH24:MI`). */
const VALUE = /(?<![:\w]):([a-z]\w*)/g;

/**
 * Makes a statement of a text in which `:name` stands for a value. Its answer names its columns one by one: a kept plan
 * of `*` fails once a migration has added a column.
 */
export function statement(name: string, sql: string): Statement {
  const values = [...new Set(Array.from(sql.matchAll(VALUE), ([, value = '']) => value))];
  return { name, values, text: sql.replaceAll(VALUE, (_, value: string) => `$${values.indexOf(value) + 1}`) };
}

/** What knex keeps below its query builder; of a transaction's handle the connection is that transaction's. */
interface Connections {
  acquireConnection(): Promise<Client>;
  releaseConnection(connection: Client): Promise<void>;
  emit(event: 'query' | 'query-error', ...about: unknown[]): void;
}

/** Runs a statement past knex's builder, which would read the whole text anew each time. Knex's listeners hear of it. */
export async function run<Row extends QueryResultRow>(
  db: Database,
  { name, text, values }: Statement,
  given: Given,
): Promise<Row[]> {
  const bindings = values.map((value) => {
    const found = given[value];
    if (found === undefined) throw new Error(`The statement ${name} was not given ${value}.`);
    return found;
  });
  const connections = db.client as Connections;
  const connection = await connections.acquireConnection();
  connections.emit('query', { sql: text, bindings });
  try {
    return (await connection.query<Row>({ name, text, values: bindings })).rows;
  } catch (error) {
    connections.emit('query-error', error, { sql: text, bindings });
    throw error;
  } finally {
    await connections.releaseConnection(connection);
  }
}
