import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { RealtimeAddress } from '../config.ts';
import type { Business } from '../domain/model.ts';

type Directives = Record<string, string[]>;

/** For every answer. Calls answer no documents, so their policy allows nothing; pages bring one of their own. */
export function baseHeaders(isHttps: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: isHttps && { maxAge: 180 * 24 * 60 * 60, includeSubDomains: false },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    // Where framing is allowed or not is said by `frame-ancestors`, page by page.
    xFrameOptions: false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
  });
}

/** What a page of ours may load, besides what it adds itself. */
function pagePolicy(realtime: RealtimeAddress, more: Directives): RequestHandler {
  const socket = `${realtime.scheme === 'https' ? 'wss' : 'ws'}://${realtime.host}:${realtime.port}`;
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      // Avatars are the site's own addresses.
      imgSrc: ["'self'", 'data:', 'blob:', 'http:', 'https:'],
      mediaSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'", socket, `${realtime.scheme}://${realtime.host}:${realtime.port}`],
      manifestSrc: ["'self'"],
      workerSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      ...more,
    },
  });
}

/** The agent console: never in a frame. */
export function consoleHeaders(realtime: RealtimeAddress): RequestHandler {
  return pagePolicy(realtime, { frameAncestors: ["'none'"] });
}

/** The widget's panel: in the frames of the sites that its business allows (none listed: any). */
export function panelHeaders(
  realtime: RealtimeAddress,
  businessOf: (slug: string) => Promise<Pick<Business, 'allowedDomains'> | null>,
): RequestHandler {
  return async (req, res, next) => {
    const slug = typeof req.query['business_id'] === 'string' ? req.query['business_id'] : '';
    const business = slug === '' ? null : await businessOf(slug);
    const headers = pagePolicy(realtime, { frameAncestors: frameAncestors(business?.allowedDomains ?? []) });
    headers(req, res, (error) => {
      res.set('Cross-Origin-Resource-Policy', 'cross-origin');
      next(error);
    });
  };
}

const HOST_SOURCE = /^(?:https?:\/\/)?(?:\*\.)?[A-Za-z0-9.-]+(?::\d{1,5})?$/;

/** Entries that are no host (they could end the directive) are left out; our own pages may always frame the panel. */
export function frameAncestors(allowedDomains: readonly string[]): string[] {
  if (allowedDomains.length === 0) return ['*'];
  return ["'self'", ...allowedDomains.map((domain) => domain.trim()).filter((domain) => HOST_SOURCE.test(domain))];
}

/** The demo shop: a host page as documented, with its own two inline pieces let in by the nonce. */
export function demoHeaders(realtime: RealtimeAddress, nonce: string): RequestHandler {
  return pagePolicy(realtime, {
    scriptSrc: ["'self'", `'nonce-${nonce}'`],
    styleSrc: ["'self'", `'nonce-${nonce}'`],
    frameSrc: ["'self'"],
    frameAncestors: ["'none'"],
  });
}

/** Files that other sites' pages include. */
export const forAnySite: RequestHandler = (_req, res, next) => {
  res.set({ 'Cross-Origin-Resource-Policy': 'cross-origin', 'Access-Control-Allow-Origin': '*' });
  next();
};
