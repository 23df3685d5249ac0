import { describe, expect, it } from 'vitest';
import { judge, type Figure } from './figure.ts';
import { markdownTable, terminalTable } from './table.ts';

const fanOut: Figure = {
  label: 'fan-out to 100',
  unit: 'µs CPU a delivery',
  ours: [5.1, 5.0, 5.2],
  base: [5.0, 4.9, 5.1],
  target: 1.15,
  losses: 0,
  generatorBusy: false,
};

describe('judging a figure', () => {
  it('compares the medians and keeps the ratios of the rounds', () => {
    const verdict = judge(fanOut);
    expect(verdict).toMatchObject({ ours: 5.1, base: 5, met: true, unsteady: false });
    expect(verdict.ratio).toBeCloseTo(1.02);
    expect([verdict.lowest, verdict.highest].map((ratio) => ratio.toFixed(3))).toEqual(['1.020', '1.020']);
  });

  it('does not take a target as met when something was lost', () => {
    expect(judge({ ...fanOut, losses: 1 }).met).toBe(false);
    expect(judge({ ...fanOut, ours: [6, 6, 6] }).met).toBe(false);
    expect(judge({ ...fanOut, target: null }).met).toBeNull();
  });

  it('says when rounds lie more than 15 % apart, on either side', () => {
    expect(judge({ ...fanOut, base: [5, 5, 6] }).unsteady).toBe(true);
  });
});

describe('the table', () => {
  const missed: Figure = { ...fanOut, label: 'trigger', ours: [20, 30, 25], baseName: 'itself', generatorBusy: true };

  it('aligns its columns for a terminal', () => {
    const [head = '', rule = '', first = '', second = ''] = terminalTable([fanOut, missed]).split('\n');
    expect(rule).toMatch(/^-+( {2}-+)+$/);
    const end = head.indexOf('ratio') + 'ratio'.length;
    expect([first.slice(end - 4, end), second.slice(end - 4, end)]).toEqual(['1.02', '5.00']);
    expect(first).toMatch(/1\.15 +yes +0$/);
    expect(second).toMatch(/NO +0 +beside itself; rounds over 15 % apart; generator at its limit$/);
  });

  it('is a Markdown table too, with a cell for every column', () => {
    const lines = markdownTable([fanOut, missed]).split('\n');
    expect(lines).toHaveLength(4);
    expect(new Set(lines.map((line) => line.split('|').length)).size).toBe(1);
    expect(lines[2]).toContain('| fan-out to 100, µs CPU a delivery | 5.10 | 5.00 | 1.02 |');
  });
});
