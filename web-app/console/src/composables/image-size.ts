export interface Size {
  width: number;
  height: number;
}

/** The box of a picture in a thread is at most this large. */
const MOST: Size = { width: 320, height: 280 };
/** Thinner pictures are cut rather than shown as a thread. */
const LEAST_SIDE = 56;
/** For a picture whose size nobody knows. */
const UNKNOWN: Size = { width: 240, height: 160 };

/** How large a picture is shown; known before it has come, so that nothing jumps. In CSS pixels. */
export function imageBox({ width, height }: Size): Size {
  if (!(width > 0) || !(height > 0)) return UNKNOWN;
  const scale = Math.min(1, MOST.width / width, MOST.height / height);
  const side = (pixels: number) => Math.max(LEAST_SIDE, Math.round(pixels * scale));
  return { width: side(width), height: side(height) };
}

/** In pixels, as the browser decodes it; null for what it cannot show. */
export async function decodedSize(address: string): Promise<Size | null> {
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
  } catch {
    // Not what its type says.
    return null;
  }
  return { width: image.naturalWidth, height: image.naturalHeight };
}
