import { migrationSource } from './web-app/src/db/migrations/index.ts';

/** For the knex command line: `DATABASE_URL=… npx knex migrate:status`. The servers migrate by themselves. */
export default {
  client: 'pg',
  connection: process.env['DATABASE_URL'] ?? '',
  migrations: { migrationSource },
};
