/** One line of a profile: how much of the time was spent in one function itself. */
export interface Sample {
  /** Of all that was sampled; 0.1 is 10 %. */
  readonly share: number;
  /** The program or library, as perf names it. */
  readonly object: string;
  readonly symbol: string;
}

const LINE = /^\s*(\d+\.\d+)% *\|([^|]*)\|\s*\[([.kuHg])\]\s*([^|]*)/;

/** Reads what `perf report --stdio --sort dso,sym -t '|'` prints; what is no line of samples is passed over. */
export function parseReport(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, percent, object = '', level, symbol = ''] = LINE.exec(line) ?? [];
    if (percent === undefined) return [];
    return [{ share: Number(percent) / 100, object: level === 'k' ? 'kernel' : object.trim(), symbol: symbol.trim() }];
  });
}
