import type { Database } from './knex.ts';

type Value = string | number | boolean | Buffer | Date | null | readonly string[];

export type Saved = 'created' | 'changed' | 'same';

/**
 * Makes the row with this key, or makes it so; what is so already is not written. Values of jsonb columns come as
 * JSON text. `touched`: SQL that a real change runs besides (a version counter).
 */
export async function saveRow(
  db: Database,
  table: string,
  key: Record<string, string | number>,
  values: Record<string, Value>,
  options: { touched?: string } = {},
): Promise<Saved> {
  const keys = Object.entries(key);
  const columns = Object.entries(values);
  const isKey = keys.map(() => '?? = ?').join(' and ');
  const { rows } = await db.raw<{ rows: unknown[] }>(`select 1 from ?? where ${isKey} for no key update`, [
    table,
    ...keys.flat(),
  ]);
  if (rows.length === 0) {
    await db(table).insert({ ...key, ...values });
    return 'created';
  }
  if (columns.length === 0) return 'same';
  const sets = columns.map(() => '?? = ?').join(', ');
  const differs = columns.map(() => '?? is distinct from ?').join(' or ');
  const touched = options.touched === undefined ? '' : `, ${options.touched}`;
  const bound = (entries: [string, Value][]) => entries.flat() as (string | number)[];
  const result = await db.raw<{ rowCount: number }>(`update ?? set ${sets}${touched} where ${isKey} and (${differs})`, [
    table,
    ...bound(columns),
    ...keys.flat(),
    ...bound(columns),
  ]);
  return result.rowCount > 0 ? 'changed' : 'same';
}
