import type { Knex } from 'knex';
import { people } from './0001-people.ts';
import { conversations } from './0002-conversations.ts';
import { outbox } from './0003-outbox.ts';
import { sessions } from './0004-sessions.ts';
import { sites } from './0005-sites.ts';
import { apps } from './0006-apps.ts';
import { files } from './0007-files.ts';
import { content } from './0008-content.ts';
import { desk } from './0009-desk.ts';
import { calls } from './0010-calls.ts';
import { weixin } from './0011-weixin.ts';

/** One step forward; there is no way back. */
export interface Step {
  name: string;
  sql: string;
}

/** A name, once released, never changes, and neither does what it does. */
const steps: readonly Step[] = [
  people,
  conversations,
  outbox,
  sessions,
  sites,
  apps,
  files,
  content,
  desk,
  calls,
  weixin,
];

/** A static list with names of our own, so that it does not matter whether the code was bundled. */
export const migrationSource: Knex.MigrationSource<Step> = {
  getMigrations: () => Promise.resolve([...steps]),
  getMigrationName: (step) => step.name,
  getMigration: (step) =>
    Promise.resolve({
      up: async (db) => {
        await db.raw(step.sql);
      },
      down: () => Promise.reject(new Error(`Migrations only go forward; ${step.name} cannot be undone.`)),
    }),
};
