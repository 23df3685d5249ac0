import { describe, expect, it } from 'vitest';
import { channelKind, isChannelName, isUserId } from './channel-name.ts';

describe('channel names', () => {
  it.each([
    ['news', 'public'],
    ['cache-news', 'cache'],
    ['private-a', 'private'],
    ['private-cache-a', 'private-cache'],
    ['private-encrypted-a', 'private-encrypted'],
    ['private-encrypted-cache-a', 'private-encrypted-cache'],
    ['presence-a', 'presence'],
    ['presence-cache-a', 'presence-cache'],
    ['#server-to-user-7', 'server-to-user'],
    ['privateer', 'public'],
    ['my-cache-a', 'public'],
    ['x-private-a', 'public'],
    ['presence', 'public'],
  ])('N1: %s is %s', (name, kind) => {
    expect(channelKind(name)).toBe(kind);
  });

  it.each(['a', 'private-A_z-0=@,.;9', 'x'.repeat(200), '#server-to-user-7', '__proto__'])('N2: takes %s', (name) => {
    expect(isChannelName(name, 200)).toBe(true);
  });

  it.each(['', 'a b', 'a/b', 'ü', 'a\n', '#a', '#server-to-user-', 'a#server-to-user-1', 'x'.repeat(201), 'a:b'])(
    'N2: refuses %j',
    (name) => {
      expect(isChannelName(name, 200)).toBe(false);
    },
  );

  it('N3: a user id has 1 to 128 of the same characters', () => {
    expect(isUserId('u'.repeat(128))).toBe(true);
    expect(isUserId('u'.repeat(129))).toBe(false);
    expect(isUserId('')).toBe(false);
    expect(isUserId('a b')).toBe(false);
  });
});
