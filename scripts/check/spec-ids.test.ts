import { expect, test } from 'vitest';
import { compare, titlesIn } from './spec-ids.mjs';

const spec = `## S: subscriptions

- **S1** Answered once.
- **S2** Refused with **S1**'s error.
- **S3** Signed.
- **S10** Cached.
`;

test('a title names rules at its beginning: one, several, or a range', () => {
  expect(compare(spec, ['S1: once', 'S2, S10: both']).untested).toEqual(['S3']);
  expect(compare(spec, ['S1–S3: all', 'S10: cached']).untested).toEqual([]);
  expect(compare(spec, ['what S1 says', 'S100: no such', 'S10 without a colon']).untested).toHaveLength(4);
});

test('a title that names no rule, and an id given twice, are found', () => {
  expect(compare(spec, ['S4: gone']).unknown).toEqual(['S4']);
  expect(compare(`${spec}- **S3** Another.\n`, []).repeated).toEqual(['S3']);
});

test('tests beside the folder may name its rules and others', () => {
  expect(compare(spec, ['S1–S3: all'], ['S10, U3: two of them'])).toEqual({ untested: [], unknown: [], repeated: [] });
});

test('titles of it, test and describe are read, tables and templates too, and nothing from comments', () => {
  const source = `
    describe('A1: one', () => {
      it.each(['a', "S9: no title"])('A2: %s', () => {});
      test.skipIf(slow).each([1])(\`A3: \${name}\`, () => {});
      // it('A4: not there')
      other('A5: nor here');
    });`;
  expect(titlesIn(source)).toEqual(['A1: one', 'A2: %s', 'A3: ']);
});
