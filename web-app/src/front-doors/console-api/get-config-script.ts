import { DomainError } from '../../domain/errors.ts';
import type { Business } from '../../domain/model.ts';
import { decode } from '../decode.ts';
import type { Endpoint } from './endpoint.ts';
import { businessQuery, type ApiLauncherSettings } from './wire.ts';

const CACHE_SECONDS = 60;

/**
 * `GET /config.js?business_id=`: what the launcher looks like, as a script, so that a site's policy needs no
 * `connect-src` for us. A page that includes it without our loader runs nothing.
 */
export const getConfigScript: Endpoint = {
  method: 'get',
  path: '/config.js',
  access: 'public',
  async handle({ services }, call) {
    const { business_id: slug } = decode(businessQuery, call.query);
    const business = await services.businesses.bySlug(slug);
    if (business === null) throw new DomainError('not_found', 'There is no such business');
    const words = [business.slug, launcherSettings(business)].map((word) => JSON.stringify(word));
    return {
      status: 200,
      text: `window.OpenKefu&&OpenKefu.configure&&OpenKefu.configure(${words.join(',')})\n`,
      headers: {
        'Content-Type': 'text/javascript; charset=utf-8',
        'Cache-Control': `public, max-age=${CACHE_SECONDS}`,
        'Cross-Origin-Resource-Policy': 'cross-origin',
      },
    };
  },
};

function launcherSettings({ widget, audioState, videoState, voiceState }: Business): ApiLauncherSettings {
  const { accent, position, title, launcherText, avatar, consent, proactive } = widget;
  const media = [audioState, videoState, voiceState].includes('open');
  return { accent, position, title, launcherText, avatar, consent, proactive, media };
}
