const UNITS = ['B', 'KB', 'MB', 'GB'] as const;
const STEP = 1024;

/** The server takes no more, in bytes. */
export const MOST_FILE_BYTES = 18 * STEP * STEP;

/** As people read it: `512 B`, `1.4 MB`. */
export function fileSize(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}
