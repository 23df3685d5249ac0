/** No text of a bridge message is longer: a draft may be pasted, a URL may be long. */
const MAX_TEXT = 65_536;
const MAX_ITEMS = 200;

/**
 * Copies from `value` exactly what `sample` has: texts, flags, counts (whole, not negative), objects of these, and
 * lists of what the sample's list has as its only item.
 * @returns undefined when something is missing, of another type or too large; what the sample lacks is left behind
 */
export function readLike<Sample>(sample: Sample, value: unknown): Sample | undefined {
  try {
    return copy(sample, value) as Sample;
  } catch {
    // One word for every way in which it can be wrong.
    return undefined;
  }
}

function copy(sample: unknown, value: unknown): unknown {
  const wrong =
    typeof value !== typeof sample ||
    (typeof value === 'string' && value.length > MAX_TEXT) ||
    (typeof value === 'number' && !(Number.isSafeInteger(value) && value >= 0)) ||
    Array.isArray(sample) !== Array.isArray(value) ||
    (Array.isArray(value) && value.length > MAX_ITEMS);
  if (wrong) throw new TypeError();
  if (Array.isArray(value)) return value.map((item) => copy((sample as unknown[])[0], item));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(sample as object).map(([name, field]: [string, unknown]) => [
      name,
      copy(field, (value as Record<string, unknown>)[name]),
    ]),
  );
}
