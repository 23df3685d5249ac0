import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiMessage } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import {
  answeredUntil,
  completeUntil,
  latestNotice,
  newestSeq,
  oldestSeq,
  ratingPlace,
  unreadCount,
  withMessages,
} from './timeline.ts';

function message(seq: number, senderRole: ApiMessage['senderRole'] = 'agent', text = `line ${seq}`): ApiMessage {
  return {
    id: 1000 + seq,
    conversationId: 1,
    seq,
    senderId: 7,
    senderRole,
    senderName: 'Alice',
    senderAvatar: '',
    clientId: null,
    createdAt: '2026-11-22T10:00:00.000Z',
    body: { type: 'text', content: { text } },
  };
}

const seqs = (...numbers: number[]) => numbers.map((seq) => message(seq));
const order = (timeline: readonly ApiMessage[]) => timeline.map(({ seq }) => seq);

describe('the timeline', () => {
  it('is in order and has each message once, whatever order and how often they came', () => {
    const deliveries = fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 6 }), { maxLength: 12 });
    fc.assert(
      fc.property(deliveries, (batches) => {
        const timeline = batches.reduce<readonly ApiMessage[]>(
          (known, batch) => withMessages(known, seqs(...batch)),
          [],
        );
        expect(order(timeline)).toEqual([...new Set(batches.flat())].sort((a, b) => a - b));
      }),
    );
  });

  it('keeps the newer copy of a message', () => {
    const timeline = withMessages(seqs(1, 2), [message(2, 'agent', 'whole')]);
    expect(timeline[1]?.body).toEqual({ type: 'text', content: { text: 'whole' } });
  });

  it('stays the same when there is nothing new', () => {
    const timeline = seqs(1);
    expect(withMessages(timeline, [])).toBe(timeline);
  });

  it.each([
    [[], 0, 0, 0],
    [[1, 2, 3], 1, 3, 3],
    [[41, 42, 43], 41, 43, 43],
    [[1, 2, 5, 6], 1, 6, 2],
    [[8, 10, 11, 13], 8, 13, 8],
  ])(
    'of %j knows the oldest %i, the newest %i, and that it is complete until %i',
    (known, oldest, newest, complete) => {
      const timeline = seqs(...known);
      expect([oldestSeq(timeline), newestSeq(timeline), completeUntil(timeline)]).toEqual([oldest, newest, complete]);
    },
  );

  it("counts the agents' messages as unread, not one's own and not notices", () => {
    const timeline = [message(1), message(2, 'customer'), message(3, 'system'), message(4), message(5)];
    expect(unreadCount(timeline, 0)).toBe(3);
    expect(unreadCount(timeline, 4)).toBe(1);
    expect(unreadCount(timeline, 9)).toBe(0);
  });

  it('takes what was said before an answer as read', () => {
    expect(answeredUntil([message(1, 'customer'), message(2), message(3, 'customer')])).toBe(2);
    expect(answeredUntil([message(1, 'customer')])).toBe(0);
  });

  it('knows the latest notice', () => {
    expect(latestNotice([message(1, 'system'), message(2), message(3, 'system'), message(4)])).toBe(3);
    expect(latestNotice(seqs(1))).toBe(0);
  });
});

describe('where the visitor is asked for a rating', () => {
  type Said = 'visitor' | 'agent' | 'asked' | 'rated' | 'closed';
  function said(what: Said, index: number): ApiMessage {
    const seq = index + 1;
    if (what === 'visitor') return message(seq, 'customer');
    if (what === 'agent') return message(seq);
    const content = {
      asked: { notice: 'rating_requested' },
      rated: { notice: 'rated', score: 4 },
      closed: { notice: 'closed', by: 'agent' },
    } as const;
    return { ...message(seq, 'system'), body: { type: 'system', content: content[what] } };
  }

  it.each<[string, Said[], number | null]>([
    ['nowhere in mid-conversation', ['visitor', 'agent'], null],
    ['where the agent asked', ['visitor', 'asked', 'agent', 'visitor'], 2],
    ['nowhere once it was given', ['visitor', 'asked', 'rated', 'agent'], null],
    ['where the agent asked again', ['visitor', 'asked', 'rated', 'asked'], 4],
    ['at the end', ['visitor', 'agent', 'closed'], 3],
    ['not at the end of what was rated', ['visitor', 'asked', 'closed', 'rated'], null],
    ['nowhere once the visitor wrote on', ['visitor', 'closed', 'visitor'], null],
    ['nowhere where the visitor said nothing', ['agent', 'closed'], null],
  ])('%s', (_where, what, seq) => {
    expect(ratingPlace(what.map(said))).toBe(seq);
  });
});
