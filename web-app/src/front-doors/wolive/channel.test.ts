import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../decode.ts';
import { channelOf, visiterNamed, visiterOfChannel } from './channel.ts';

describe('channel', () => {
  it('L4: is the hex of the UTF-8 bytes of visiter_id/business_id', () => {
    expect(channelOf('1', 'admin')).toBe('312f61646d696e');
    expect(channelOf('游客', 'acme')).toBe(Buffer.from('游客/acme').toString('hex'));
  });

  it.each(['1', '游客1', 'a/b', 'x'.repeat(80)])(
    'L4: %s is found again in its channel, split on the last slash',
    (id) => {
      expect(visiterOfChannel(channelOf(id, 'acme'), 'acme')).toBe(id);
    },
  );

  it.each([
    ['of another business', channelOf('1', 'other')],
    ['not hex', 'zz'],
    ['half a byte more', `${channelOf('1', 'acme')}3`],
    ['without a slash', Buffer.from('acme').toString('hex')],
    ['not UTF-8', `ff2f${Buffer.from('acme').toString('hex')}`],
  ])('L4: one %s names nobody', (_why, channel) => {
    expect(visiterOfChannel(channel, 'acme')).toBeNull();
  });

  it('L4: either names the visitor, both when they agree', () => {
    expect(visiterNamed({ visiter_id: '7', channel: '' }, 'acme')).toBe('7');
    expect(visiterNamed({ visiter_id: '', channel: channelOf('7', 'acme') }, 'acme')).toBe('7');
    expect(visiterNamed({ visiter_id: '7', channel: channelOf('7', 'acme') }, 'acme')).toBe('7');
    expect(() => visiterNamed({ visiter_id: '8', channel: channelOf('7', 'acme') }, 'acme')).toThrow(InvalidInput);
  });
});
