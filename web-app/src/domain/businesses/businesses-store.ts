import type { Database } from '../../db/knex.ts';
import type { Sealer } from '../../db/sealing.ts';
import type { Business, DistributionRule, WidgetSettings } from '../model.ts';
import { businessSettings } from './business-settings.ts';

interface BusinessRow {
  id: number;
  slug: string;
  name: string;
  state: 'open' | 'close';
  distribution_rule: DistributionRule;
  locale: string;
  timezone: string;
  legacy_visitors: boolean;
  legacy_public_channels: boolean;
  encrypt_channels: boolean;
  allowed_domains: string[];
  identity_secret_sealed: string | null;
  settings: unknown;
}

const columns = [
  'id',
  'slug',
  'name',
  'state',
  'distribution_rule',
  'locale',
  'timezone',
  'legacy_visitors',
  'legacy_public_channels',
  'encrypt_channels',
  'allowed_domains',
  'identity_secret_sealed',
  'settings',
] as const;

async function toBusiness(row: BusinessRow, sealer: Sealer): Promise<Business> {
  const settings = businessSettings.parse(row.settings);
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    state: row.state,
    distributionRule: row.distribution_rule,
    locale: row.locale,
    timezone: row.timezone,
    legacyVisitors: row.legacy_visitors,
    legacyPublicChannels: row.legacy_public_channels,
    encryptChannels: row.encrypt_channels,
    allowedDomains: row.allowed_domains,
    greeting: settings.greeting,
    offlineText: settings.offlineText,
    blacklistMode: settings.blacklistMode,
    audioState: settings.audioState,
    videoState: settings.videoState,
    voiceState: settings.voiceState,
    widget: settings.widget,
    identityRequired: settings.identityRequired,
    identitySecret: row.identity_secret_sealed === null ? '' : await sealer.open(row.identity_secret_sealed),
  };
}

export interface BusinessesStore {
  find(by: { slug: string } | { id: number }): Promise<Business | null>;
  setWidget(id: number, widget: WidgetSettings): Promise<void>;
  rename(id: number, name: string): Promise<void>;
}

export function createBusinessesStore(db: Database, sealer: Sealer): BusinessesStore {
  return {
    find: async (by) => {
      const row = await db('businesses')
        .where(by)
        .first<BusinessRow | undefined>(...columns);
      return row === undefined ? null : toBusiness(row, sealer);
    },

    /** The other settings stay as they are at that moment. */
    setWidget: async (id, widget) => {
      await db.raw(
        `update businesses set settings = settings || jsonb_build_object('widget', cast(? as jsonb)), version = version + 1
          where id = ?`,
        [JSON.stringify(widget), id],
      );
    },

    rename: async (id, name) => {
      await db('businesses')
        .where({ id })
        .update({ name, version: db.raw('version + 1') });
    },
  };
}
