import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalChannel, type Subscription } from './local-channel.ts';
import { Subscriptions } from './subscriptions.ts';

const place = (channel: string): Subscription => ({
  state: 'joined',
  channel: new LocalChannel('app', channel),
  userId: null,
});

describe('subscriptions of a connection', () => {
  it('are kept by channel, in the order in which they were taken', () => {
    const change = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean());
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const subscriptions = new Subscriptions();
        const expected = new Map<string, Subscription>();
        for (const [channel, isTaken] of changes) {
          const taken = place(channel);
          if (isTaken) {
            subscriptions.set(taken);
            expected.set(channel, taken);
          } else {
            subscriptions.delete(channel);
            expected.delete(channel);
          }
          expect([...subscriptions]).toEqual([...expected.values()]);
          expect(subscriptions.size).toBe(expected.size);
          for (const name of ['a', 'b', 'c']) {
            expect(subscriptions.get(name)).toBe(expected.get(name));
            expect(subscriptions.has(name)).toBe(expected.has(name));
          }
        }
      }),
    );
  });

  it('can all be given back while they are walked over', () => {
    for (const channels of [['a'], ['a', 'b', 'c']]) {
      const subscriptions = new Subscriptions();
      for (const channel of channels) subscriptions.set(place(channel));
      const seen: string[] = [];
      for (const { channel } of subscriptions) {
        seen.push(channel.name);
        subscriptions.delete(channel.name);
      }
      expect(seen).toEqual(channels);
      expect(subscriptions.size).toBe(0);
    }
  });
});
