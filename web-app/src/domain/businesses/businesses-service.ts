import type { Business } from '../model.ts';
import type { Businesses } from '../services.ts';
import { hasNul } from '../text-rules.ts';
import type { BusinessesStore } from './businesses-store.ts';

/** How long another process's change (a bootstrap run) may go unseen. */
const FRESH_MS = 5_000;
/** Businesses remembered at once; beyond it the memory starts again. */
const REMEMBERED = 10_000;

/**
 * Reads businesses through a short memory: nearly every call of every door needs one, and they hardly ever change.
 * What does not exist is not remembered. Made once for all handles, so that transactions share it.
 */
export function createBusinesses(store: BusinessesStore, now: () => number = Date.now): Businesses {
  const remembered = new Map<string, { business: Business; until: number }>();

  async function read(key: string, by: { slug: string } | { id: number }): Promise<Business | null> {
    const known = remembered.get(key);
    if (known !== undefined && known.until > now()) return known.business;
    const business = await store.find(by);
    if (business === null) {
      remembered.delete(key);
      return null;
    }
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(key, { business, until: now() + FRESH_MS });
    return business;
  }

  return {
    bySlug: async (slug) => (slug === '' || hasNul(slug) ? null : read(`slug ${slug}`, { slug })),
    byId: (id) => read(`id ${id}`, { id }),
  };
}
