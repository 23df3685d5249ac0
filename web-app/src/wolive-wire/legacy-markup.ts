import type { NewBody } from '../domain/services.ts';
import { LEGACY_FACES } from './legacy-faces.ts';

type LegacyBody = Extract<NewBody, { type: 'text' } | { type: 'image' | 'file' }>;

/** One element and nothing else, as the clients put it together; `>` within an attribute is not theirs. */
const IMAGE = /^<img(\s[^<>]*)>$/i;
const LINK = /^<a(\s[^<>]*)>(?:(?!<\/?a[\s>])[\s\S])*<\/a>$/i;
/** layim's forms: `img[ADDRESS]`, `file(ADDRESS)[NAME]`. */
const LAYIM_IMAGE = /^img\[([^[\]\s]+)\]$/;
const LAYIM_FILE = /^file\(([^()\s]+)\)\[[^[\]]*\]$/;
const LAYIM_FACE = /face\[([^[\]\s]{1,8})\]/g;

const FILE_PATH = /^\/files\/([0-9a-f]{32})(?:\/[^/]*)?$/;

/**
 * What a WoLive client means by its `content`: the upload's address as an image or a link is that file, a face is an
 * emoji, everything else is text and stays as it is. Only addresses of this server (`origins`, or a path alone) are
 * files; whose they are is looked up where they are kept.
 */
export function bodyOfMarkup(content: string, origins: readonly string[]): LegacyBody {
  const markup = content.trim();
  const image = attribute(IMAGE.exec(markup)?.[1], 'src') ?? LAYIM_IMAGE.exec(markup)?.[1];
  const file = attribute(LINK.exec(markup)?.[1], 'href') ?? LAYIM_FILE.exec(markup)?.[1];
  const imageKey = keyIn(image, origins);
  if (imageKey !== null) return { type: 'image', content: { key: imageKey } };
  const fileKey = keyIn(file, origins);
  if (fileKey !== null) return { type: 'file', content: { key: fileKey } };
  const text = content.replaceAll(LAYIM_FACE, (written, name: string) => LEGACY_FACES.get(name) ?? written);
  return { type: 'text', content: { text } };
}

/** The value of one attribute among those of a tag; undefined when it has none of that name. */
function attribute(attributes: string | undefined, name: 'src' | 'href'): string | undefined {
  if (attributes === undefined) return undefined;
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"']+))`, 'i').exec(attributes);
  const value = match?.[1] ?? match?.[2] ?? match?.[3];
  return value?.trim().replaceAll('&amp;', '&');
}

function keyIn(address: string | undefined, origins: readonly string[]): string | null {
  if (address === undefined) return null;
  const here = 'http://path.invalid';
  if (!URL.canParse(address, here)) return null;
  const { origin, pathname } = new URL(address, here);
  if (origin !== here && !origins.includes(origin)) return null;
  return FILE_PATH.exec(pathname)?.[1] ?? null;
}
