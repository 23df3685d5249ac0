import { nobody, type Identity } from '../bridge/messages.ts';

/** Everything that one boot says, whichever way it came: a command, `data-*` attributes or WoLive's anchor. */
export interface BootOptions {
  business: string;
  /** The origin of the chat server. */
  host: string;
  locale: string;
  theme: string;
  team: number;
  identity: Identity;
  /** `auto`, `ask` or `granted`; empty: as the business has it. */
  consent: string;
  /** The article that the visitor looks at, as the site gave it: fields, or JSON of them. */
  product: unknown;
  /** Booted by WoLive's anchor: the launcher looks and sits as a site's old styles expect. */
  legacy: boolean;
}

const MAX_FIELD = 10_000;

/** A site may write anything into any of them, or hand over something else altogether. */
type BootFields =
  Partial<Record<'business_id' | 'host' | 'locale' | 'theme' | 'team' | 'consent' | 'product', unknown>> | undefined;

/** A site may hand anything in; what is no text or number counts as not said. */
export function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim().slice(0, MAX_FIELD) : '';
}

/** The fields of `identify`: those of `nobody`. What is absent stays as it was. */
export function readIdentity(fields: unknown, before: Identity = nobody): Identity {
  const given: Record<string, unknown> = { ...before, ...(fields as object) };
  return Object.fromEntries(Object.keys(nobody).map((name) => [name, asText(given[name])])) as Identity;
}

/** The fields of `boot`: `{ business_id, host, locale, theme, team, consent, product }` and those of `identify`. */
export function readBoot(fields: unknown, defaultHost: string): BootOptions {
  const given = { ...(fields as BootFields) };
  return {
    business: asText(given.business_id),
    host: originOf(asText(given.host)) || defaultHost,
    locale: asText(given.locale),
    theme: asText(given.theme),
    team: Math.abs(parseInt(asText(given.team))) || 0,
    identity: readIdentity(given),
    consent: asText(given.consent),
    product: given.product,
    legacy: false,
  };
}

/**
 * `data-business-id` on our own script tag, and the other fields of `boot` by their own names (`data-id`, `data-locale`).
 * Null without a business: the site boots by command.
 */
export function readScript(script: HTMLScriptElement, defaultHost: string): BootOptions | null {
  const { businessId, ...fields } = script.dataset;
  return businessId ? readBoot({ ...fields, business_id: businessId }, defaultHost) : null;
}

/** The origin of an absolute http(s) URL; empty for anything else. */
export function originOf(url: string): string {
  try {
    return /^http/i.test(url) ? new URL(url).origin : '';
  } catch {
    // Looks like a URL and is none.
    return '';
  }
}
