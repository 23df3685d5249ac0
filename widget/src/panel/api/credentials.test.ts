import { describe, expect, it } from 'vitest';
import { nobody } from '../../bridge/messages.ts';
import { credentialLadder, proving } from './credentials.ts';

const known = (visitorId: string) => ({ visitorId, token: `token of ${visitorId}` });

describe('the ways to ask for a session', () => {
  it('of an anonymous visitor: the token of the last time, else a new one', () => {
    expect(credentialLadder(nobody, null)).toEqual([{}]);
    expect(credentialLadder(nobody, known('w-1'))).toEqual([{ token: 'token of w-1' }, {}]);
  });

  it('of one whom the site signs: the signature first', () => {
    expect(credentialLadder({ ...nobody, id: 'u-5', hash: 'ff' }, known('u-5'))).toEqual([
      { visitorId: 'u-5', hash: 'ff' },
      { visitorId: 'u-5', token: 'token of u-5' },
      {},
    ]);
  });

  it('of one whom the site only names: the id while it is new, else an anonymous visitor', () => {
    expect(credentialLadder({ ...nobody, id: 'u-5' }, null)).toEqual([{ visitorId: 'u-5' }, {}]);
    expect(credentialLadder({ ...nobody, id: 'u-5' }, known('u-5'))).toEqual([
      { visitorId: 'u-5', token: 'token of u-5' },
      { visitorId: 'u-5' },
      {},
    ]);
  });

  it('of one who was refused that id before: the anonymous visitor they became', () => {
    expect(credentialLadder({ ...nobody, id: 'u-5' }, known('w-1'))).toEqual([{ token: 'token of w-1' }, {}]);
  });

  it('never show a token together with an id that it is not for', () => {
    const all = credentialLadder({ ...nobody, id: 'u-5', hash: 'ff' }, known('w-1'));
    expect(all.filter(({ token, visitorId }) => token !== undefined && visitorId !== undefined)).toEqual([]);
  });

  it('of a hidden frame make nobody', () => {
    expect(proving(credentialLadder({ ...nobody, id: 'u-5' }, null))).toEqual([]);
    expect(proving(credentialLadder(nobody, known('w-1')))).toEqual([{ token: 'token of w-1' }]);
  });
});
