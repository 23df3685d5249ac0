import type { RequestHandler } from 'express';

const PREFLIGHT_SECONDS = 86_400;

/**
 * CORS without credentials, for calls that carry their own token, so that no cookie ever speaks for another site's page.
 * The origin is echoed; whoever then refuses it takes the header back (`ForeignSite`). Ends preflights.
 */
export function shareWithSites(methods: string): RequestHandler {
  return (req, res, next) => {
    const origin = req.get('origin');
    res.vary('Origin');
    if (origin !== undefined) res.set('Access-Control-Allow-Origin', origin);
    if (req.method !== 'OPTIONS') return next();
    res.set({
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Requested-With',
      'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
    });
    res.status(204).end();
  };
}
