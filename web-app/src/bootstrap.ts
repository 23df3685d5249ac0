import { readFile } from 'node:fs/promises';
import { applyBusiness } from './bootstrap/apply-business.ts';
import type { Tally } from './bootstrap/apply-business.ts';
import { BootstrapError } from './bootstrap/bootstrap-error.ts';
import { decodeBootstrap } from './bootstrap/decode.ts';
import { hashChangedPasswords } from './bootstrap/passwords.ts';
import type { BootstrapFile } from './bootstrap/schema.ts';
import { openDatabase } from './db/knex.ts';
import type { Database } from './db/knex.ts';
import { createSealer } from './db/sealing.ts';
import { createLineDrain } from './domain/create-services.ts';
import { silentWork } from './domain/registration/silent-work.ts';

/** Any number: two bootstrap runs at once go one after the other. */
const BOOTSTRAP_LOCK = 7_305_120_042;

/**
 * Applies a bootstrap file to a migrated database, all of it or nothing; applying it again changes nothing. The lines
 * are drained afterwards, since it may have made places. `summary` is one sentence for a person.
 * @throws BootstrapError: what is wrong with the file, each line naming a field
 */
export async function applyBootstrapFile(databaseUrl: string, file: string): Promise<{ summary: string }> {
  const decoded = decodeBootstrap(await readText(file));
  const db = openDatabase(databaseUrl, { max: 3 });
  try {
    const { businessIds, summary } = await apply(db, decoded);
    const drain = createLineDrain(db, { announce: () => undefined });
    for (const id of businessIds) await drain.drain(id);
    return { summary };
  } finally {
    await db.destroy();
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new BootstrapError([`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`], {
      cause: error,
    });
  }
}

async function apply(db: Database, file: BootstrapFile): Promise<{ businessIds: number[]; summary: string }> {
  const sealer = createSealer(db);
  await sealer.ready();
  const hashes = await hashChangedPasswords(silentWork(db), file);
  return silentWork(db).transaction(async (work) => {
    await work.db.raw('select pg_advisory_xact_lock(?)', [BOOTSTRAP_LOCK]);
    const counts = new Map<string, number>();
    const tally: Tally = (noun, saved) =>
      void counts.set(`${saved} ${noun}`, (counts.get(`${saved} ${noun}`) ?? 0) + 1);
    const businessIds: number[] = [];
    for (const [index, business] of file.businesses.entries()) {
      businessIds.push(await applyBusiness({ work, sealer, hashes, tally }, business, `businesses[${index}]`));
    }
    return { businessIds, summary: summarise(counts) };
  });
}

const plurals: Record<string, string> = {
  business: 'businesses',
  team: 'teams',
  agent: 'agents',
  client: 'clients',
  user: 'users',
  question: 'questions',
};

function summarise(counts: ReadonlyMap<string, number>): string {
  const parts = ['created', 'changed'].flatMap((saved) =>
    Object.entries(plurals).flatMap(([noun, plural]) => {
      const count = counts.get(`${saved} ${noun}`) ?? 0;
      return count === 0 ? [] : [`${count} ${count === 1 ? noun : plural} ${saved}`];
    }),
  );
  return parts.length === 0 ? 'Nothing to change: all of it is so already.' : `${parts.join(', ')}.`;
}
