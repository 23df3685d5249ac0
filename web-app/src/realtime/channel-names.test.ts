import { describe, expect, it } from 'vitest';
import {
  channelName,
  channelNames,
  parseChannelName,
  slugOfVisitorChannel,
  type ChannelSubject,
} from './channel-names.ts';

const visitorChannel = Buffer.from('u/1/acme').toString('hex');

const subjects: ChannelSubject[] = [
  { kind: 'kefu', agentId: 5 },
  { kind: 'ud', agentId: 5 },
  { kind: 'all', slug: 'acme.shop-1' },
  { kind: 'cu', channel: visitorChannel },
  { kind: 'se', agentId: 5 },
  { kind: 'talk', conversationId: 77 },
];

describe('channel names', () => {
  it('carry the prefix that the business has in force', () => {
    expect(channelNames({ slug: 'acme', encryptChannels: false }).kefu(5)).toBe('private-kefu5');
    expect(channelNames({ slug: 'acme', encryptChannels: true }).all()).toBe('private-encrypted-allacme');
  });

  it.each(['plain', 'private', 'encrypted'] as const)('are read back as what they were made of (%s)', (form) => {
    const named = subjects.filter(({ kind }) => kind !== 'talk');
    for (const subject of named) expect(parseChannelName(channelName(subject, form))).toEqual({ form, subject });
  });

  it('of both sides are private in every business: client events do not travel on encrypted ones', () => {
    for (const form of ['plain', 'private', 'encrypted'] as const) {
      expect(channelName({ kind: 'talk', conversationId: 77 }, form)).toBe('private-talk77');
    }
    expect(parseChannelName('private-talk77')?.subject).toEqual({ kind: 'talk', conversationId: 77 });
  });

  it.each([
    'private-kefu',
    'private-kefu05',
    'private-kefu5x',
    'private-kefu-5',
    'presence-kefu5',
    'private-cuXY',
    'private-cuabc',
    'private-all',
    'private-all a',
    'kefu12345678901234567890',
    'private-private-kefu5',
    'private-cache-kefu5',
    '#server-to-user-5',
    '',
  ])('are not ours: %j', (name) => {
    expect(parseChannelName(name)).toBeNull();
  });

  it('of a visitor name the business after the last slash', () => {
    expect(slugOfVisitorChannel(visitorChannel)).toBe('acme');
    expect(slugOfVisitorChannel(Buffer.from('nobody').toString('hex'))).toBeNull();
  });
});
