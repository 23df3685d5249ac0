import type { Database } from '../../db/knex.ts';
import type { Sealer } from '../../db/sealing.ts';
import type { Business, DistributionRule } from '../model.ts';
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
    identitySecret: row.identity_secret_sealed === null ? '' : await sealer.open(row.identity_secret_sealed),
  };
}

export interface BusinessesStore {
  find(by: { slug: string } | { id: number }): Promise<Business | null>;
}

export function createBusinessesStore(db: Database, sealer: Sealer): BusinessesStore {
  return {
    find: async (by) => {
      const row = await db('businesses')
        .where(by)
        .first<BusinessRow | undefined>(...columns);
      return row === undefined ? null : toBusiness(row, sealer);
    },
  };
}
