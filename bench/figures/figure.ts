import { median, spread } from './statistics.ts';

/** One line of the table: what was measured of ours and of what it is compared with, a value for each round. */
export interface Figure {
  readonly label: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly base: readonly number[];
  /** What it is compared with, when that is not the limit. */
  readonly baseName?: string;
  /** The ratio may be this at most; `null` when nothing was promised. */
  readonly target: number | null;
  readonly losses: number;
  /** The load generator had no time left in at least one round. */
  readonly generatorBusy: boolean;
}

/** Rounds further apart than this are told, since a median of them says little. */
const UNSTEADY = 0.15;

export interface Verdict {
  readonly ours: number;
  readonly base: number;
  /** Of the medians. */
  readonly ratio: number;
  /** The lowest and the highest ratio of a single round. */
  readonly lowest: number;
  readonly highest: number;
  /** `null` when nothing was promised. */
  readonly met: boolean | null;
  /** The rounds of ours or of the other side are more than 15 % apart. */
  readonly unsteady: boolean;
}

export function judge(figure: Figure): Verdict {
  const [ours, base] = [median(figure.ours), median(figure.base)];
  const ratios = figure.ours.map((value, round) => value / (figure.base[round] ?? Number.NaN));
  return {
    ours,
    base,
    ratio: ours / base,
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    met: figure.target === null ? null : ours / base <= figure.target && figure.losses === 0,
    unsteady: Math.max(spread(figure.ours), spread(figure.base)) > UNSTEADY,
  };
}
