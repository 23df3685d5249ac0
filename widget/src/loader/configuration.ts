import type { ApiLauncherSettings } from '../../../web-app/src/front-doors/console-api/wire.ts';

/** What a business says of its launcher to everybody. */
export type LauncherSettings = ApiLauncherSettings;

/** The script that hands them to `OpenKefu.configure`: a page's policy needs no `connect-src` for it. */
export function configurationUrl(host: string, business: string): string {
  return `${host}/api/v1/config.js?business_id=${encodeURIComponent(business)}`;
}
