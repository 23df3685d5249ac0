/** The titles of the tests in a source text. */
export function titlesIn(source: string): string[];
/** What disagrees between the text of a SPEC.md and test titles. */
export function compare(
  spec: string,
  titles: readonly string[],
  shared?: readonly string[],
): { untested: string[]; unknown: string[]; repeated: string[] };
