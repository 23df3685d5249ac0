import { describe, expect, it } from 'vitest';
import { parseQuery } from './query.ts';

describe('query strings', () => {
  it('H3: decodes names and values', () => {
    expect([...parseQuery('a=1&filter_by_prefix=presence-&info=a%2Cb&e=&f&g=x+y%20z&&h==')]).toEqual([
      ['a', '1'],
      ['filter_by_prefix', 'presence-'],
      ['info', 'a,b'],
      ['e', ''],
      ['f', ''],
      ['g', 'x y z'],
      ['h', '='],
    ]);
  });

  it('H3: joins the values of name[] with commas', () => {
    expect(parseQuery('channels[]=a&channels%5B%5D=b').get('channels')).toBe('a,b');
  });

  it('H2: refuses what is not URL-encoded UTF-8', () => {
    expect(() => parseQuery('a=%ff')).toThrow('not URL-encoded');
    expect(() => parseQuery('a=%')).toThrow('not URL-encoded');
  });

  it('treats __proto__ as any other name', () => {
    expect(parseQuery('__proto__=1').get('__proto__')).toBe('1');
  });
});
