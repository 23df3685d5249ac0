import { saveRow } from '../../db/save-row.ts';
import type { Saved } from '../../db/save-row.ts';
import type { Sealer } from '../../db/sealing.ts';
import type { Work } from '../../db/unit-of-work.ts';
import type { BusinessSettings } from '../businesses/business-settings.ts';
import { createBusinessRows } from '../businesses/business-rows-store.ts';
import type { WidgetSettings } from '../model.ts';
import { renderPage } from '../content/render-page.ts';
import { createTeamsStore } from '../teams/teams-store.ts';
import { tokenHash } from '../users/tokens.ts';
import { given } from './given.ts';

type Change<T> = { [Key in keyof T]?: T[Key] | undefined };

/** What is left out stays as it is; a new business has the defaults. */
export interface BusinessChange {
  name?: string | undefined;
  state?: 'open' | 'close' | undefined;
  distributionRule?: 'auto' | 'claim' | undefined;
  legacyVisitors?: boolean | undefined;
  legacyPublicChannels?: boolean | undefined;
  encryptChannels?: boolean | undefined;
  allowedDomains?: string[] | undefined;
  appId?: string | undefined;
  appEnabled?: boolean | undefined;
  epid?: string | undefined;
  publicKey?: string | undefined;
  locale?: string | undefined;
  timezone?: string | undefined;
  /** Empty: none. */
  appSecret?: string | undefined;
  identitySecret?: string | undefined;
  settings: Change<Omit<BusinessSettings, 'widget'>> & { widget: Change<WidgetSettings> | undefined };
}

/** Makes a business (with its default team) or changes it. */
export async function saveBusiness(
  work: Work,
  sealer: Sealer,
  slug: string,
  change: BusinessChange,
): Promise<{ id: number; saved: Saved }> {
  const rows = createBusinessRows(work);
  const known = await rows.idOf(slug);
  const id = known ?? (await rows.create({ slug, name: change.name ?? slug }));
  if (id === null) throw new Error(`The business ${slug} was made and removed meanwhile.`);
  if (known === null) await createTeamsStore(work).create(id, 0);
  const before = await rows.secrets(id);
  const values = given({
    name: change.name,
    state: change.state,
    distribution_rule: change.distributionRule,
    legacy_visitors: change.legacyVisitors,
    legacy_public_channels: change.legacyPublicChannels,
    encrypt_channels: change.encryptChannels,
    allowed_domains: change.allowedDomains,
    app_id: change.appId,
    app_enabled: change.appEnabled,
    epid: change.epid,
    public_key: change.publicKey,
    locale: change.locale,
    timezone: change.timezone,
    app_secret_sealed: await resealed(sealer, before.appSecretSealed, change.appSecret),
    identity_secret_sealed: await resealed(sealer, before.identitySecretSealed, change.identitySecret),
    settings: JSON.stringify(changedSettings(await rows.settings(id), change.settings)),
  });
  const saved = await saveRow(work.db, 'businesses', { id }, values, { touched: 'version = version + 1' });
  return { id, saved: known === null ? 'created' : saved };
}

function changedSettings(before: BusinessSettings, change: BusinessChange['settings']): BusinessSettings {
  const { widget, ...others } = change;
  return { ...before, ...given(others), widget: { ...before.widget, ...given(widget ?? {}) } };
}

/** Sealing the same text twice gives two different values, so what is so already is left alone. */
async function resealed(sealer: Sealer, before: string | null, text: string | undefined) {
  if (text === undefined) return undefined;
  if (text === '') return null;
  if (before !== null && (await sealer.open(before)) === text) return undefined;
  return sealer.seal(text);
}

/** A key for the site's backend, found again by its name. Only its hash is kept. */
export function saveApiKey(work: Work, businessId: number, name: string, key: string): Promise<Saved> {
  return saveRow(work.db, 'api_keys', { business_id: businessId, name }, { key_hash: tokenHash(key) });
}

export function saveFaq(work: Work, businessId: number, question: string, answer: string): Promise<Saved> {
  const html = renderPage({ source: answer, html: '' });
  return saveRow(work.db, 'faqs', { business_id: businessId, question }, { answer, answer_html: html });
}
