import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

const KNOWN = ['fan-out', 'churn'];

describe('the command line', () => {
  it('runs everything with each scenario’s own rounds', () => {
    expect(readOptions([], KNOWN)).toMatchObject({ scenarios: [], rounds: null, quick: false, markdown: null });
  });

  it('takes names and rounds; quick means three', () => {
    expect(readOptions(['churn', 'fan-out', '--rounds', '7'], KNOWN)).toMatchObject({
      scenarios: ['churn', 'fan-out'],
      rounds: 7,
    });
    expect(readOptions(['--quick'], KNOWN)).toMatchObject({ rounds: 3, quick: true });
    expect(readOptions(['--quick', '--rounds', '5'], KNOWN)).toMatchObject({ rounds: 5, quick: true });
  });

  it.each([
    [['everything'], 'There is no everything; there are fan-out, churn.'],
    [['--rounds', '2'], '--rounds must be a whole number from 3.'],
    [['--rounds', 'many'], '--rounds must be a whole number from 3.'],
    [['--slow'], /Unknown option '--slow'/],
  ])('%j is refused in one sentence', (words, sentence) => {
    expect(() => readOptions(words, KNOWN)).toThrow(sentence);
  });
});
