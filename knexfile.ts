import { migrationSource } from './web-app/src/db/migrations/index.ts';

/**
 * For the knex command line (`knex migrate:status` with `DATABASE_URL` set), which needs a TypeScript loader to read it.
 * The servers migrate by themselves and do not use this file.
 */
export default {
  client: 'pg',
  connection: process.env['DATABASE_URL'] ?? '',
  migrations: { migrationSource },
};
