import { DomainError } from '../domain/errors.ts';
import type { Business } from '../domain/model.ts';
import type { Call, FrontDoorConfig } from './front-door.ts';

/** The page that calls belongs to a site which the business does not list in `allowed_domains`. */
export class ForeignSite extends DomainError {
  constructor(origin: string) {
    super('forbidden', `${origin} is not among the allowed domains of this business`);
  }
}

/** @throws ForeignSite unless the call names no Origin, our own, or one of the business's allowed domains (none listed: any) */
export function requireAllowedSite(call: Call, config: FrontDoorConfig, business: Business): void {
  if (call.origin === null || business.allowedDomains.length === 0) return;
  if (isOwnOrigin(call.origin, call.host, config.webUrl)) return;
  if (!business.allowedDomains.some((domain) => originMatches(call.origin ?? '', domain))) {
    throw new ForeignSite(call.origin);
  }
}

/** Our own pages: named as `WEB_URL`, or simply as the host that was called. */
export function isOwnOrigin(origin: string, host: string, webUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.origin === new URL(webUrl).origin || url.host === host;
}

/** `domain` is `shop.example`, `shop.example:8443`, `*.shop.example` (any depth below it) or a whole origin. */
export function originMatches(origin: string, domain: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { host, hostname, origin: whole } = new URL(origin);
  const wanted = domain.trim().toLowerCase();
  if (wanted.startsWith('*.')) return hostname.endsWith(wanted.slice(1));
  return wanted === host || wanted === hostname || wanted === whole;
}
