import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fileTypeFromFile } from 'file-type';
import sharp from 'sharp';
import { DomainError } from '../errors.ts';
import { MAX_IMAGE_PIXELS, SHOWN_IMAGES } from './file-rules.ts';

/** What a file's bytes say. */
export interface Inspected {
  type: string;
  width: number | null;
  height: number | null;
  sha256: Buffer;
}

const UNKNOWN_TYPE = 'application/octet-stream';

/**
 * Looks at the bytes alone: neither the name nor the sender's content type decides anything. An image has a size only
 * when browsers show it and it can really be decoded.
 * @throws DomainError `invalid` for an image of more pixels than a browser should be given
 */
export async function inspectFile(path: string): Promise<Inspected> {
  const [found, sha256] = await Promise.all([fileTypeFromFile(path), digestOf(path)]);
  // Without its parameters: `audio/ogg; codecs=opus`.
  const type = found?.mime.split(';', 1)[0] ?? UNKNOWN_TYPE;
  const size = SHOWN_IMAGES.has(type) ? await imageSize(path) : null;
  return { type, width: size?.width ?? null, height: size?.height ?? null, sha256 };
}

async function digestOf(path: string): Promise<Buffer> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest();
}

/** Null: what calls itself an image cannot be decoded as one, so it is only a file. */
async function imageSize(path: string): Promise<{ width: number; height: number } | null> {
  // Only the head is read here, so that a small file that would unpack into gigabytes is refused before it does.
  const head = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => null);
  if (head === null) return null;
  const frames = head.pages ?? 1;
  const height = head.pageHeight ?? head.height;
  if (head.width * height * frames > MAX_IMAGE_PIXELS) {
    throw new DomainError('invalid', `An image may have ${MAX_IMAGE_PIXELS} pixels.`);
  }
  const decodes = await sharp(path, { limitInputPixels: MAX_IMAGE_PIXELS, failOn: 'error' })
    .stats()
    .then(() => true)
    .catch(() => false);
  if (!decodes) return null;
  // A camera that was held upright says so instead of turning its pixels.
  const turned = head.orientation !== undefined && head.orientation >= 5;
  return turned ? { width: height, height: head.width } : { width: head.width, height };
}
