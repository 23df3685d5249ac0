/** In pixels, as a browser shows it; null for what it cannot show. */
export async function imageSize(url: string): Promise<{ width: number; height: number } | null> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    // Not what its type says.
    return null;
  }
  return { width: image.naturalWidth, height: image.naturalHeight };
}

/** The box of a picture in the log, at most this large; known before the picture is there, so that nothing jumps. */
const MAX_WIDTH = 232;
const MAX_HEIGHT = 260;
/** Thinner pictures are cut rather than shown as a thread. */
const MIN_SIDE = 56;

export function imageBox({ width, height }: { width: number; height: number }): { width: number; height: number } {
  if (!(width > 0) || !(height > 0)) return { width: MAX_WIDTH, height: 160 };
  const scale = Math.min(1, MAX_WIDTH / width, MAX_HEIGHT / height);
  return {
    width: Math.max(MIN_SIDE, Math.round(width * scale)),
    height: Math.max(MIN_SIDE, Math.round(height * scale)),
  };
}
