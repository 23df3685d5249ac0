import { crc32, deflateSync } from 'node:zlib';

/** A real picture of one colour. */
export function png(width: number, height: number): Buffer {
  const row = Buffer.concat([Buffer.of(0), ...Array.from({ length: width }, () => Buffer.of(0x2f, 0x6b, 0xff))]);
  return pngOf({ width, height, bitDepth: 8, colour: 2 }, Buffer.concat(Array.from({ length: height }, () => row)));
}

/** A PNG that says to be so large and has the bytes of next to nothing. */
export function pngBomb(width: number, height: number): Buffer {
  return pngOf({ width, height, bitDepth: 1, colour: 0 }, Buffer.alloc(4096));
}

function pngOf(
  { width, height, bitDepth, colour }: { width: number; height: number; bitDepth: number; colour: number },
  rows: Buffer,
): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([bitDepth, colour, 0, 0, 0], 8);
  const chunks = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** The beginning of what a browser records: WebM, and Ogg with Opus. */
export const webm = Buffer.concat([
  Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701', 'hex'),
  Buffer.alloc(200),
]);
export const oggOpus = Buffer.concat([
  Buffer.from('OggS'),
  Buffer.alloc(24),
  Buffer.from('OpusHead'),
  Buffer.alloc(200),
]);

export const scriptedSvg = Buffer.from(
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>',
);
export const html = Buffer.from('<!doctype html><html><body><script>alert(1)</script></body></html>');
/** A picture to a GIF reader, a page to whoever does not look. */
export const gifWithHtml = Buffer.concat([
  Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
  Buffer.from('<script>alert(1)</script>'),
]);

export function formWith(
  field: string,
  file: { bytes: Buffer | string; name: string; type?: string },
  fields: Readonly<Record<string, string>> = {},
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append(
    field,
    new Blob([new Uint8Array(Buffer.from(file.bytes))], { type: file.type ?? 'application/octet-stream' }),
    file.name,
  );
  return form;
}
