import { randomInt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../db/knex.ts';
import { keepSetting, readSetting, removeSetting } from '../db/settings-store.ts';
import { saveFirstSite, type FirstSite } from '../domain/registration/install-site-store.ts';
import { silentWork } from '../domain/registration/silent-work.ts';
import type { Services } from '../domain/services.ts';

/**
 * The installing of WoLive's document, for whoever started the program: open from the first run until it is done or an
 * agent has signed in, and then never again.
 */
export interface Installation {
  isOpen(): Promise<boolean>;
  /** The code that lets somebody in, to be shown where the program was started; null once it is over. */
  code(): Promise<string | null>;
  /** Compares in constant time. */
  isCode(given: string): Promise<boolean>;
  /** `over`: somebody was quicker. */
  finish(site: FirstSite): Promise<'done' | 'over' | 'user_name_taken' | 'business_id_taken'>;
  /** An agent has signed in. */
  close(): Promise<void>;
  /** Whose widget the demo page shows. */
  demoBusiness(): Promise<string>;
}

/** Setting `install`: there from the first run until the installing is over. */
const OPEN = 'install';
/** Setting `demo_business`: the slug that was chosen for the demo business. */
const DEMO = 'demo_business';
const DEMO_SLUG = 'demo';

const openState = z.object({ code: z.string().min(1), agentId: z.int().positive() });

const CODE_LENGTH = 20;
/** Without letters and digits that look alike. */
const CODE_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** In the transaction that makes the first agent. */
export async function openInstallation(db: Database, agentId: number): Promise<void> {
  const code = Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');
  await keepSetting(db, OPEN, JSON.stringify({ code, agentId }));
}

export function createInstallation(db: Database, businesses: Pick<Services['businesses'], 'forget'>): Installation {
  /** It never opens again, so nobody needs to ask. */
  let isOver = false;

  async function state(handle: Database = db) {
    if (isOver) return null;
    const text = await readSetting(handle, OPEN);
    if (text === null) isOver = true;
    return text === null ? null : openState.parse(JSON.parse(text));
  }

  return {
    isOpen: async () => (await state()) !== null,
    code: async () => (await state())?.code ?? null,

    isCode: async (given) => {
      const open = await state();
      if (open === null) return false;
      const [expected, actual] = [Buffer.from(open.code), Buffer.from(given.trim().toLowerCase())];
      return expected.length === actual.length && timingSafeEqual(expected, actual);
    },

    finish: async (site) => {
      const open = await state();
      if (open === null) return 'over';
      const saved = await silentWork(db).transaction(async (work) => {
        // Of two at once the second waits here and finds nothing.
        if (!(await removeSetting(work.db, OPEN))) return { kind: 'over' } as const;
        const outcome = await saveFirstSite(work, open.agentId, site);
        if (outcome.kind === 'saved') await keepSetting(work.db, DEMO, site.slug);
        // Nothing was written but the mark, which stays for another attempt.
        else await keepSetting(work.db, OPEN, JSON.stringify(open));
        return outcome;
      });
      switch (saved.kind) {
        case 'saved':
          isOver = true;
          businesses.forget(saved.businessId);
          return 'done';
        case 'agent_gone':
          return 'over';
        default:
          return saved.kind;
      }
    },

    close: async () => {
      if (isOver) return;
      await removeSetting(db, OPEN);
      isOver = true;
    },

    demoBusiness: async () => (await readSetting(db, DEMO)) ?? DEMO_SLUG,
  };
}
