import { parseArgs } from 'node:util';
import { PlainError } from '../../scripts/setup/terminal.mjs';

/** What the command line asks for. */
export interface BenchOptions {
  /** Names of scenarios; all when empty. */
  readonly scenarios: readonly string[];
  readonly rounds: number | null;
  readonly quick: boolean;
  /** Writes the table there. */
  readonly markdown: string | null;
  /** No table: profiles the server under the main loads. */
  readonly profile: boolean;
  /** Another build of our server, in place of the one in `dist`. */
  readonly server: string | null;
}

/** Fewer would have no spread. */
const MIN_ROUNDS = 3;

/** Reads the words behind `npm run bench --`. Throws a `PlainError` on what it does not know. */
export function readOptions(words: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parse(words);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new PlainError(`There is no ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  const rounds = values.rounds === undefined ? null : Number(values.rounds);
  if (rounds !== null && (!Number.isInteger(rounds) || rounds < MIN_ROUNDS)) {
    throw new PlainError(`--rounds must be a whole number from ${String(MIN_ROUNDS)}.`);
  }
  return {
    scenarios: positionals,
    rounds: rounds ?? (values.quick ? MIN_ROUNDS : null),
    quick: values.quick,
    markdown: values.markdown ?? null,
    profile: values.profile,
    server: values.server ?? null,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
        markdown: { type: 'string' },
        server: { type: 'string' },
      },
    });
  } catch (error) {
    throw new PlainError(error instanceof Error ? error.message : String(error));
  }
}
