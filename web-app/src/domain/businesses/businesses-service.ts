import { DomainError } from '../errors.ts';
import type { Pictures } from '../files/pictures-service.ts';
import { requireManager } from '../level-rules.ts';
import type { Business } from '../model.ts';
import type { Businesses } from '../services.ts';
import { characters, hasNul, wellFormed } from '../text-rules.ts';
import type { BusinessesStore } from './businesses-store.ts';
import { widgetSettings } from './widget-settings.ts';

/** How long another process's change (a bootstrap run) may go unseen. */
const FRESH_MS = 5_000;
/** Businesses remembered at once; beyond it the memory starts again. */
const REMEMBERED = 10_000;
const NAME_CHARACTERS = 100;

/**
 * Reads businesses through a short memory: nearly every call of every door needs one, and they hardly ever change.
 * What does not exist is not remembered. Made once for all handles, so that transactions share it.
 */
export function createBusinesses(store: BusinessesStore, pictures: Pictures, now: () => number = Date.now): Businesses {
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

  /** What this process has changed it sees at once, whatever it was called before. */
  function forget(id: number): void {
    for (const [key, { business }] of remembered) if (business.id === id) remembered.delete(key);
  }

  return {
    bySlug: async (slug) => (slug === '' || hasNul(slug) ? null : read(`slug ${slug}`, { slug })),
    byId: (id) => read(`id ${id}`, { id }),
    forget,

    setWidget: async (actor, given) => {
      requireManager(actor);
      const { success, data: widget } = widgetSettings.safeParse(given);
      if (!success) throw new DomainError('invalid', 'These are no settings of a widget.');
      await pictures.keep(actor.businessId, widget.avatar);
      await store.setWidget(actor.businessId, widget);
      forget(actor.businessId);
      return widget;
    },

    rename: async (actor, given) => {
      requireManager(actor);
      const name = given.trim();
      if (name === '' || hasNul(name) || characters(name) > NAME_CHARACTERS) {
        throw new DomainError('invalid', `A business's name has 1 to ${NAME_CHARACTERS} characters.`);
      }
      await store.rename(actor.businessId, wellFormed(name));
      forget(actor.businessId);
    },
  };
}
