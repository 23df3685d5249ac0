/** No text of a bridge message is longer: a draft may be pasted, a URL may be long. */
const MAX_TEXT = 65_536;
const MAX_ITEMS = 200;

/**
 * Copies from `value` exactly what `sample` has: texts, flags, counts (whole, not negative), objects of these, and
 * lists of what the sample's list has as its only item.
 * @returns undefined when something is missing, of another type or too large; what the sample lacks is left behind
 */
export function readLike<Sample>(sample: Sample, value: unknown): Sample | undefined {
  return copy(sample, value) as Sample | undefined;
}

function copy(sample: unknown, value: unknown): unknown {
  if (typeof value !== typeof sample || value === null) return undefined;
  if (typeof value === 'string') return value.length <= MAX_TEXT ? value : undefined;
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'object') return value;
  if (Array.isArray(sample)) {
    const items =
      Array.isArray(value) && value.length <= MAX_ITEMS ? value.map((item) => copy(sample[0], item)) : [undefined];
    return items.includes(undefined) ? undefined : items;
  }
  const fields = Object.entries(sample as object).map(([name, field]: [string, unknown]) => [
    name,
    copy(field, (value as Record<string, unknown>)[name]),
  ]);
  return fields.some(([, field]) => field === undefined) ? undefined : Object.fromEntries(fields);
}
