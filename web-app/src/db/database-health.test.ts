import { describe, expect, it } from 'vitest';
import { DatabaseTooOld, explainDatabaseError, isDatabaseUnavailable } from './database-health.ts';

const url = 'postgres://kefu:hidden-word@db.example:5433/kefu';

function failure(code: string): Error {
  return Object.assign(new Error('hidden-word'), { code });
}

describe('a database that cannot be used', () => {
  it.each([
    [
      'ECONNREFUSED',
      'The database at db.example:5433 cannot be reached; is PostgreSQL running there and DATABASE_URL right?',
    ],
    ['28P01', 'The database at db.example:5433 refused the user name or password of DATABASE_URL.'],
    ['3D000', 'There is no database "kefu" at db.example:5433; create it or correct DATABASE_URL.'],
    ['42501', 'The user of DATABASE_URL may not create tables in the database "kefu".'],
    ['57P03', 'The database at db.example:5433 is still starting; try again in a moment.'],
  ])('is explained in one sentence without the password (%s)', (code, sentence) => {
    expect(explainDatabaseError(failure(code), url)).toBe(sentence);
  });

  it('is told from other trouble', () => {
    expect(explainDatabaseError(new DatabaseTooOld('11.5'), url)).toBe(
      'PostgreSQL 11.5 is too old: 13 or newer is needed.',
    );
    expect(explainDatabaseError(new TypeError('x is undefined'), url)).toBeNull();
    expect(isDatabaseUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isDatabaseUnavailable(new Error('wrapped', { cause: failure('57P01') }))).toBe(true);
    expect(isDatabaseUnavailable(failure('23505'))).toBe(false);
  });
});
