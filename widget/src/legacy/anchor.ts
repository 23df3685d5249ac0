import { originOf, readBoot, type BootOptions } from '../loader/boot-options.ts';

/** WoLive's own default for `business_id`. */
const DEFAULT_BUSINESS = 'admin';

/**
 * WoLive's markup `<a href='https://HOST' visiter_id='' visiter_name='' avatar='' business_id='' id='workerman-kefu'>`
 * (spec wolive, The widget's markup). Empty attributes get defaults: the server makes the id and the name.
 * @param scriptHost where our script came from; only when that is unknown does the anchor's `href` say the host
 */
export function readAnchor(anchor: Element, scriptHost: string): BootOptions {
  const attribute = (name: string) => anchor.getAttribute(name);
  const options = readBoot(
    {
      business_id: attribute('business_id') || DEFAULT_BUSINESS,
      id: attribute('visiter_id'),
      name: attribute('visiter_name'),
      avatar: attribute('avatar'),
      hash: attribute('hash'),
      team: attribute('groupid'),
      product: attribute('product'),
      consent: attribute('data-consent'),
    },
    scriptHost || originOf(attribute('href') ?? ''),
  );
  return { ...options, legacy: true };
}

/** The anchor of this page, if it has one. */
export function findAnchor(): HTMLElement | null {
  return document.getElementById('workerman-kefu');
}
