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

    idOf: async (slug: string): Promise<number | null> => {
      const row = await db('businesses').where({ slug }).first<{ id: number } | undefined>('id');
      return row?.id ?? null;
    },

    secrets: async (id: number): Promise<{ appSecretSealed: string | null; identitySecretSealed: string | null }> => {
      const row = await db('businesses')
        .where({ id })
        .first<{ app_secret_sealed: string | null; identity_secret_sealed: string | null } | undefined>(
          'app_secret_sealed',
          'identity_secret_sealed',
        );
      return {
        appSecretSealed: row?.app_secret_sealed ?? null,
        identitySecretSealed: row?.identity_secret_sealed ?? null,
      };
    },

    settings: async (id: number): Promise<BusinessSettings> => {
      const row = await db('businesses').where({ id }).first<{ settings: unknown } | undefined>('settings');
      return businessSettings.parse(row?.settings ?? {});
    },
  };
}
