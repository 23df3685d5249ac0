import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyIdentityHash } from '../../auth/identity-hash.ts';
import type { Business } from '../../domain/model.ts';
import { shownBy } from './known-speakers.ts';

const secret = 'identity-secret';
const business = { id: 1, slug: 'acme', identitySecret: secret, identityRequired: false } as Business;
const strict = { ...business, identityRequired: true };
const hash = createHmac('sha256', secret).update('v').digest('hex');
const speaker = {
  business_id: 'acme',
  visiter_id: 'v',
  channel: '',
  visitor_token: '',
  hash: '',
  record: '',
  from_url: '',
};

const shown = (of: Business, more: Partial<typeof speaker>, visitorToken: string | null = null) =>
  shownBy({ verifyIdentityHash }, { visitorToken }, of, { ...speaker, ...more })?.proof ?? null;

describe('what a call shows of who speaks', () => {
  it('L14: a token, a signature that fits, or nothing but a name', () => {
    expect(shown(business, { visitor_token: 'token' })).toBe('token');
    expect(shown(business, {}, 'token')).toBe('token');
    expect(shown(business, { hash })).toBe('site');
    expect(shown(business, {})).toBe('none');
    expect(shown(business, { visiter_id: '' })).toBeNull();
  });

  it('L87: a signature that does not fit is never passed over, nor one beside a token', () => {
    for (const wrong of ['x', hash.replace(/^./, '0'), '0'.repeat(64)].filter((one) => one !== hash)) {
      expect(shown(business, { hash: wrong })).toBeNull();
      expect(shown(business, { hash: wrong, visitor_token: 'token' })).toBeNull();
    }
    expect(shown(business, { hash, visitor_token: 'token' })).toBeNull();
  });

  it('L87: where the site signs its visitors, what was known before it did counts for nothing', () => {
    expect(shown(strict, { hash })).toBe('site');
    expect(shown(strict, { visitor_token: 'token' })).toBeNull();
    expect(shown(strict, {})).toBeNull();
  });
});
