import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decode, InvalidInput } from './decode.ts';

const schema = z.object({ name: z.string().max(5), inner: z.object({ n: z.int() }).optional() });

function fieldsRefused(input: unknown): string[] {
  try {
    decode(schema, input);
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields.map(({ field }) => field);
    throw error;
  }
  return [];
}

describe('decode', () => {
  it('A3: answers what fits, without unknown fields', () => {
    expect(decode(schema, { name: 'Lori', extra: 1 })).toEqual({ name: 'Lori' });
  });

  it.each([
    [{ name: 1 }, ['name']],
    [{ name: 'too long' }, ['name']],
    [{}, ['name']],
    [undefined, ['name']],
    [null, ['name']],
    ['text', ['']],
    [[], ['']],
    [{ name: 'a', inner: { n: 'x' } }, ['inner.n']],
    [{ name: 'a\0b' }, ['name']],
    [{ name: '\ud800' }, ['name']],
    [{ name: 'a', extra: { deep: ['\udfff'] } }, ['extra.deep.0']],
  ])('A3: %j names the fields %j', (input, fields) => {
    expect(fieldsRefused(input)).toEqual(fields);
  });

  it('A3: keeps text of every plane', () => {
    expect(decode(schema, { name: '😀中' })).toEqual({ name: '😀中' });
  });

  it('A3: refuses nesting without end', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    expect(fieldsRefused({ name: 'a', deep })).toHaveLength(1);
  });
});
