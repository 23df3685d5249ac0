import { judge, type Figure } from './figure.ts';

const HEAD = ['figure', 'ours', 'limit', 'ratio', 'rounds', 'at most', 'met', 'lost', ''];

/** The table for a terminal, its columns aligned. */
export function terminalTable(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)]
    .map((text) => text.trimEnd())
    .join('\n');
}

/** The same as a Markdown table. */
export function markdownTable(figures: readonly Figure[]): string {
  const line = (row: readonly string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(HEAD),
    line(HEAD.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...figures.map((figure) => line(cells(figure))),
  ].join('\n');
}

function cells(figure: Figure): string[] {
  const { ours, base, ratio, lowest, highest, met, unsteady } = judge(figure);
  const remarks = [
    ...(figure.baseName === undefined ? [] : [`beside ${figure.baseName}`]),
    ...(unsteady ? ['rounds over 15 % apart'] : []),
    ...(figure.generatorBusy ? ['generator at its limit'] : []),
  ];
  return [
    `${figure.label}, ${figure.unit}`,
    number(ours),
    number(base),
    ratio.toFixed(2),
    `${lowest.toFixed(2)}–${highest.toFixed(2)}`,
    figure.target === null ? '' : figure.target.toFixed(2),
    met === null ? '' : met ? 'yes' : 'NO',
    String(figure.losses),
    remarks.join('; '),
  ];
}

/** Three digits that say something. */
function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
