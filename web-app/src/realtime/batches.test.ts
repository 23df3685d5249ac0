import { describe, expect, it } from 'vitest';
import { packBatches } from './batches.ts';

function announcement(rowId: number, triggers: number) {
  return {
    rowId,
    triggers: Array.from({ length: triggers }, (_, index) => ({ channel: `c${rowId}`, name: `e${index}`, data: {} })),
  };
}

function shapeOf(counts: number[]) {
  const batches = packBatches(counts.map((count, index) => announcement(index + 1, count)));
  return batches.map((batch) => ({
    triggers: batch.parts.map((part) => [part.rowId, part.triggers.length]),
    finishes: batch.finishes,
  }));
}

describe('packing announcements into requests', () => {
  it('puts whole rows together up to ten triggers', () => {
    expect(shapeOf([4, 4, 4])).toEqual([
      { triggers: [[1, 4], [2, 4]], finishes: [1, 2] }, // prettier-ignore
      { triggers: [[3, 4]], finishes: [3] },
    ]);
  });

  it('divides a row of more than ten, and finishes it with its last part', () => {
    expect(shapeOf([1, 23, 1])).toEqual([
      { triggers: [[1, 1]], finishes: [1] },
      { triggers: [[2, 10]], finishes: [] },
      { triggers: [[2, 10]], finishes: [] },
      { triggers: [[2, 3], [3, 1]], finishes: [2, 3] }, // prettier-ignore
    ]);
  });

  it('finishes a row that nobody hears without a request', () => {
    expect(shapeOf([0])).toEqual([{ triggers: [], finishes: [1] }]);
    expect(shapeOf([])).toEqual([]);
  });
});
