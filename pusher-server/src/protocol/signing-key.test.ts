import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SigningKey } from './signing-key.ts';

/** Secrets around the length of a block, texts around the length from which they are signed another way. */
const secrets = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
  fc.string({ minLength: 60, maxLength: 70 }),
);
const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1_300, maxLength: 1_400, size: 'max' }));

describe('signing keys', () => {
  it('H3, S3: sign every text as HMAC-SHA256 does', () => {
    fc.assert(
      fc.property(secrets, texts, (secret, text) => {
        expect(new SigningKey(secret).sign(text)).toBe(createHmac('sha256', secret).update(text).digest('hex'));
      }),
    );
  });

  it('sign bytes, and texts that are no well-formed Unicode', () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    expect(new SigningKey('secret').sign(bytes)).toBe(createHmac('sha256', 'secret').update(bytes).digest('hex'));
    expect(new SigningKey('secret').sign('a\ud800b')).toBe(
      createHmac('sha256', 'secret').update('a\ud800b').digest('hex'),
    );
  });

  it('sign in turn without disturbing each other', () => {
    const [one, two] = [new SigningKey('one'), new SigningKey('two')];
    const first = one.sign('a longer text than the next');
    two.sign('text');
    expect(one.sign('a longer text than the next')).toBe(first);
    expect(two.sign('text')).toBe(createHmac('sha256', 'two').update('text').digest('hex'));
  });
});
