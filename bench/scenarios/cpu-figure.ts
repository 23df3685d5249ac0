import type { Figure } from '../figures/figure.ts';
import type { LoadResult } from '../load/messages.ts';
import type { BesideLimit } from './beside-limit.ts';

/** Shares of its one core and of its loop's time from which on the generator, not the server, sets the pace. */
const BUSY_CPU = 0.9;
const BUSY_LOOP = 0.97;

/** The server's CPU for each piece of work, which is the same number in µs a piece and in seconds a million. */
export function cpuFigure(label: string, piece: string, { limit, ours }: BesideLimit, target: number | null): Figure {
  return {
    label,
    unit: `µs CPU a ${piece}`,
    ours: ours.map(cpuEach),
    base: limit.map(cpuEach),
    target,
    losses: lossesOf([...limit, ...ours]),
    generatorBusy: isBusy([...limit, ...ours]),
  };
}

/** CPU of all the target's processes together for one piece of work, in µs. */
export function cpuEach(result: LoadResult): number {
  return result.cpuMicros.reduce((sum, micros) => sum + micros, 0) / result.work;
}

export function lossesOf(results: readonly LoadResult[]): number {
  return results.reduce((sum, { losses }) => sum + losses, 0);
}

export function isBusy(results: readonly LoadResult[]): boolean {
  return results.some(({ cpuShare, loopShare }) => cpuShare > BUSY_CPU || loopShare > BUSY_LOOP);
}
