import type { Product } from '../bridge/messages.ts';
import { asText } from '../loader/boot-options.ts';

export const noProduct: Product = { pid: '', url: '', image: '', title: '', info: '', price: '' };

/**
 * What the visitor looks at, as a site says it: `{ pid, url, image, title, info, price }` or JSON of it, where WoLive
 * writes `img` for `image`. Null for what is neither; empty fields for nothing at all.
 */
export function readProduct(given: unknown): Product | null {
  if (given === undefined || given === null || given === '') return noProduct;
  const fields = typeof given === 'string' ? parse(given) : given;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return null;
  const { pid, url, image, img, title, info, price } = fields as Record<string, unknown>;
  return {
    pid: asText(pid),
    url: absolute(asText(url)),
    image: absolute(asText(image) || asText(img)),
    title: asText(title),
    info: asText(info),
    price: asText(price),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Written by hand into an attribute: easily broken.
    return null;
  }
}

/** Addresses of the page's own site may be written short. */
function absolute(url: string): string {
  try {
    return url && new URL(url, document.baseURI).href;
  } catch {
    // No address at all.
    return '';
  }
}
