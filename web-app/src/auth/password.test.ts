import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';

describe('passwords', () => {
  it('are kept as scrypt with salt and parameters, and recognised', async () => {
    const hash = await hashPassword('correct horse');
    expect(hash).toMatch(/^scrypt\$15\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await hashPassword('correct horse')).not.toBe(hash);
    expect(await verifyPassword('correct horse', hash)).toBe(true);
    expect(await verifyPassword('correct hors', hash)).toBe(false);
  });

  it('are the same however a keyboard composes their letters', async () => {
    expect(await verifyPassword('caf\u0065\u0301', await hashPassword('caf\u00e9'))).toBe(true);
  });

  it.each(['', 'plain', 'scrypt$99$8$1$AAAA$AAAA', 'scrypt$15$99$1$AAAA$AAAA', 'scrypt$15$8$9$AAAA$AAAA'])(
    'are never right against %j, which is no hash of ours',
    async (hash) => {
      expect(await verifyPassword('', hash)).toBe(false);
    },
  );
});
