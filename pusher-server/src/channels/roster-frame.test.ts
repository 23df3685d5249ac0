import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RosterFrame } from './roster-frame.ts';

interface SentRoster {
  readonly presence: { readonly count: number; readonly ids: string[]; readonly hash: Record<string, unknown> };
}

/** What a client reads of a frame. */
function read(frame: string) {
  const { event, channel, data } = JSON.parse(frame) as { event: string; channel: string; data: string };
  expect([event, channel]).toEqual(['pusher_internal:subscription_succeeded', 'presence-a']);
  return (JSON.parse(data) as SentRoster).presence;
}

describe('roster frames', () => {
  it('P1: hold all members, whoever came and went since the last', () => {
    const change = fc.tuple(
      fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      fc.option(fc.json()),
      // Whether the list is sent after this change, so that several changes lie between two lists.
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const members = new Map<string, string | null>();
        const frames = new RosterFrame('presence-a');
        let version = 0;
        for (const [userId, userInfo, isSent] of changes) {
          if (!members.delete(userId)) members.set(userId, userInfo);
          version += 1;
          if (!isSent) continue;
          const { count, ids, hash } = read(frames.of({ members, version }));
          expect(count).toBe(members.size);
          expect(ids).toEqual([...members.keys()]);
          expect(hash).toEqual(
            Object.fromEntries([...members].map(([id, info]) => [id, JSON.parse(info ?? 'null') as unknown])),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('P1: an unchanged roster is answered with the same frame', () => {
    const frames = new RosterFrame('presence-a');
    const roster = { members: new Map([['a', '{"name":"A \\"quoted\\""}']]), version: 1 };
    expect(frames.of(roster)).toBe(frames.of(roster));
    expect(read(frames.of(roster)).hash).toEqual({ a: { name: 'A "quoted"' } });
  });
});
