import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnyQuery, readSignedQuery } from './signed-query.ts';

const value = fc.oneof(
  fc.string({ minLength: 1, unit: fc.constantFrom('a', 'Z', '0', '.', '-', '_', '[', ']', '=', 'ü') }),
  fc.string({ unit: 'grapheme' }).map(encodeURIComponent),
  fc.constantFrom('', '+', '%41', 'a=b'),
);
const NAMES = ['auth_key', 'auth_timestamp', 'auth_version', 'body_md5', 'auth_signature'];
const parameter = fc
  .tuple(fc.constantFrom(...NAMES, 'info', 'Auth_Key', 'AUTH_SIGNATURE', 'channels[]', 'z', ''), value)
  .map(([name, text]) => `${name}=${text}`);
/** The usual form, with any of its parts exchanged, repeated or left out. */
const query = fc
  .tuple(fc.tuple(value, value, value, value, value), fc.array(fc.tuple(fc.nat(6), fc.option(parameter))))
  .map(([values, edits]) => {
    const parts = NAMES.map((name, index) => `${name}=${values[index] ?? ''}`);
    for (const [at, edit] of edits) parts.splice(at, edit === null ? 1 : 0, ...(edit === null ? [] : [edit]));
    return parts.join('&');
  });

describe('signed queries', () => {
  it('H3: the short way reads what the general way reads', () => {
    fc.assert(
      fc.property(query, (text) => {
        const { parameters, ...general } = readAnyQuery(text);
        const read = readSignedQuery(text);
        expect(read).toEqual({ ...general, parameters: read.parameters });
        const own = [...parameters.keys()].filter((name) => !NAMES.includes(name));
        expect([...read.parameters.keys()].filter((name) => !NAMES.includes(name))).toEqual(own);
      }),
      { numRuns: 2_000 },
    );
  });

  it('H3: the usual query is read without parsing its parameters', () => {
    const signed = 'auth_key=k&auth_timestamp=1&auth_version=1.0&body_md5=m';
    const read = readSignedQuery(`${signed}&auth_signature=s`);
    expect(read).toEqual({
      key: 'k',
      timestamp: '1',
      version: '1.0',
      bodyMd5: 'm',
      signature: 's',
      signed,
      parameters: new Map(),
    });
  });

  it('H3: signs decoded values under sorted names in lower case', () => {
    const { signed } = readSignedQuery('info=a%2Cb&AUTH_KEY=k&auth_signature=s&body_md5=m&auth_timestamp=1');
    expect(signed).toBe('auth_key=k&auth_timestamp=1&body_md5=m&info=a,b');
  });
});
