import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from './outgoing-messages.ts';
import { message, minute, OWN_ID, ownMessage } from './sample-data.ts';
import { shownImages } from './shown-images.ts';
import { buildTimeline, type TimelineInput, type TimelineItem } from './timeline.ts';

const me = { id: OWN_ID, name: 'Alice', avatar: '' };
const base: TimelineInput = {
  messages: [],
  outgoing: [],
  customerReadSeq: 0,
  customerDeliveredSeq: 0,
  unreadAfterSeq: null,
  me,
  previewOf: () => null,
};

/** A timeline as words: days as `day`, groups as `Lin: message 1 | message 2`. */
function words(items: TimelineItem[]): string[] {
  return items.map((item) =>
    item.kind === 'group'
      ? `${item.senderName}: ${item.entries.map(({ body }) => (body.type === 'text' ? body.content.text : body.type)).join(' | ')}`
      : item.kind,
  );
}

const outgoing = (
  clientId: string,
  at: string,
  state: OutgoingMessage['state'] = { kind: 'sending' },
): OutgoingMessage => ({
  clientId,
  conversationId: 1,
  body: { type: 'text', content: { text: clientId } },
  file: null,
  createdAt: at,
  state,
});

describe('buildTimeline', () => {
  it('groups what one sender says within three minutes of the one before', () => {
    const messages = [message(1), message(2), message(6), ownMessage(7), ownMessage(8), message(9)];
    expect(words(buildTimeline({ ...base, messages }))).toEqual([
      'day',
      'Lin: message 1 | message 2',
      'Lin: message 6',
      'Alice: message 7 | message 8',
      'Lin: message 9',
    ]);
  });

  it('puts a day before the first message of each day', () => {
    const messages = [
      message(1),
      message(2, { createdAt: minute(24 * 60) }),
      message(3, { createdAt: minute(24 * 60 + 1) }),
    ];
    expect(words(buildTimeline({ ...base, messages }))).toEqual([
      'day',
      'Lin: message 1',
      'day',
      'Lin: message 2 | message 3',
    ]);
  });

  it('puts the divider before the first unread message and begins a new group there', () => {
    const messages = [message(1), message(2), message(3)];
    expect(words(buildTimeline({ ...base, messages, unreadAfterSeq: 1 }))).toEqual([
      'day',
      'Lin: message 1',
      'unread',
      'Lin: message 2 | message 3',
    ]);
    expect(words(buildTimeline({ ...base, messages, unreadAfterSeq: 3 }))).not.toContain('unread');
  });

  it('shows no divider while what was read last is further up than what is held', () => {
    const messages = [message(5), message(6)];
    expect(words(buildTimeline({ ...base, messages, unreadAfterSeq: 3 }))).not.toContain('unread');
    expect(words(buildTimeline({ ...base, messages, unreadAfterSeq: 4 }))).toContain('unread');
  });

  it('does not call own messages or notices unread', () => {
    const messages = [message(1), ownMessage(2), message(3)];
    expect(words(buildTimeline({ ...base, messages, unreadAfterSeq: 1 }))).toEqual([
      'day',
      'Lin: message 1',
      'Alice: message 2',
      'unread',
      'Lin: message 3',
    ]);
  });

  it('lets a system notice stand alone between groups', () => {
    const closed = message(2, {
      senderId: null,
      senderRole: 'system',
      body: { type: 'system', content: { notice: 'closed', by: 'agent' } },
    });
    expect(words(buildTimeline({ ...base, messages: [message(1), closed, message(3)] }))).toEqual([
      'day',
      'Lin: message 1',
      'notice',
      'Lin: message 3',
    ]);
  });

  it('shows how far each own message has come', () => {
    const items = buildTimeline({
      ...base,
      messages: [ownMessage(1), ownMessage(2), ownMessage(3)],
      outgoing: [
        outgoing('u', minute(3), { kind: 'uploading', share: 0.5 }),
        outgoing('a', minute(3)),
        outgoing('b', minute(3), { kind: 'stuck' }),
        outgoing('c', minute(3), { kind: 'refused', code: 'too_long' }),
      ],
      customerReadSeq: 1,
      customerDeliveredSeq: 2,
    });
    const states = items.flatMap((item) => (item.kind === 'group' ? item.entries.map(({ state }) => state) : []));
    expect(states).toEqual(['read', 'delivered', 'sent', 'uploading', 'pending', 'failed', 'failed']);
  });

  it('keeps the key of a message when it arrives, so that it does not jump', () => {
    const keyOf = (input: Partial<TimelineInput>) => {
      const group = buildTimeline({ ...base, ...input }).find((item) => item.kind === 'group');
      return [group?.key, group?.kind === 'group' ? group.entries[0]?.key : undefined];
    };
    expect(keyOf({ outgoing: [outgoing('c-5', minute(5))] })).toEqual(keyOf({ messages: [ownMessage(5)] }));
  });

  it('shows a picture from memory where this page has it', () => {
    const content = { key: 'k', url: '/files/k/shoe.png', name: 'shoe.png', size: 9, width: 8, height: 4 };
    const sent = ownMessage(1, { body: { type: 'image', content } });
    const urlOf = (previewOf: TimelineInput['previewOf']) =>
      shownImages(buildTimeline({ ...base, messages: [sent], previewOf })).map((image) => image.content.url);
    expect(urlOf(() => null)).toEqual(['/files/k/shoe.png']);
    expect(urlOf((key) => `blob:${key}`)).toEqual(['blob:k']);
  });

  it('tells agents apart: a colleague is out, but not own', () => {
    const [, group] = buildTimeline({ ...base, messages: [ownMessage(1, { senderId: 8, senderName: 'Bob' })] });
    expect(group).toMatchObject({ direction: 'out', own: false, senderName: 'Bob' });
  });
});
