import type { Work } from '../../db/unit-of-work.ts';
import { businessSettings } from './business-settings.ts';
import type { BusinessSettings } from './business-settings.ts';

interface NewRow {
  slug: string;
  name: string;
  locale?: string;
  timezone?: string;
  distributionRule?: string;
  greeting?: string;
  offlineText?: string;
}

export type BusinessRows = ReturnType<typeof createBusinessRows>;

/** Writes businesses; what the domain reads of them is in `businesses-store`. */
export function createBusinessRows({ db }: Work) {
  return {
    /** Null when the slug is taken. */
    create: async (business: NewRow): Promise<number | null> => {
      const { greeting, offlineText } = business;
      const settings = businessSettings.parse({ greeting, offlineText });
      const [row] = await db('businesses')
        .insert({
          slug: business.slug,
          name: business.name,
          settings: JSON.stringify(settings),
          ...(business.locale === undefined ? {} : { locale: business.locale }),
          ...(business.timezone === undefined ? {} : { timezone: business.timezone }),
          ...(business.distributionRule === undefined ? {} : { distribution_rule: business.distributionRule }),
        })
        .onConflict('slug')
        .ignore()
        .returning<{ id: number }[]>('id');
      return row?.id ?? null;
    },

    settings: async (id: number): Promise<BusinessSettings> => {
      const row = await db('businesses').where({ id }).first<{ settings: unknown } | undefined>('settings');
      return businessSettings.parse(row?.settings ?? {});
    },
  };
}
