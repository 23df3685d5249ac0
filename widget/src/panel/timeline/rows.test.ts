import { describe, expect, it } from 'vitest';
import type { ApiMessage } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { rowsOf, type Conversation, type PendingMessage } from './rows.ts';

interface Said {
  by?: ApiMessage['senderRole'];
  /** On 22 November, local time. */
  at?: string;
  day?: number;
  clientId?: string;
  name?: string;
}

function said(seq: number, { by = 'agent', at = '10:00', day = 22, clientId, name = 'Alice' }: Said = {}): ApiMessage {
  const system = { type: 'system', content: { notice: 'assigned', agentName: 'Alice' } } as const;
  return {
    id: seq,
    conversationId: 1,
    seq,
    senderId: by === 'system' ? null : 7,
    senderRole: by,
    senderName: by === 'customer' ? '游客' : name,
    senderAvatar: '',
    clientId: clientId ?? null,
    createdAt: new Date(`2026-11-${day}T${at}:00`).toISOString(),
    body: by === 'system' ? system : { type: 'text', content: { text: `line ${seq}` } },
  };
}

function waiting(
  clientId: string,
  state: PendingMessage['state'] = { kind: 'sending', slow: false },
  afterSeq = 9,
): PendingMessage {
  return {
    afterSeq,
    clientId,
    body: { type: 'text', content: { text: clientId } },
    file: null,
    at: new Date('2026-11-22T10:05:00').getTime(),
    state,
  };
}

const empty = {
  timeline: [],
  pending: [],
  greeting: null,
  agentReadSeq: 0,
  agentDeliveredSeq: 0,
  previews: new Map<string, string>(),
  complete: true,
};

/** The log in words: a day, a notice, or direction, state and text of each bubble. */
function log(conversation: Partial<Conversation>): string[] {
  return rowsOf({ ...empty, ...conversation }).map((row) => {
    if (row.kind === 'day') return `day ${row.day.getDate()}`;
    if (row.kind === 'notice') return `notice ${row.notice.notice}`;
    return `${row.direction} ${row.state} ${row.body.type === 'text' ? row.body.content.text : row.body.type}`;
  });
}

const greeting = { text: 'Hello!', name: 'Alice', avatar: '', afterSeq: 0 };

describe('the log', () => {
  it('begins each day with its date', () => {
    const timeline = [said(1, { day: 20 }), said(2, { day: 20 }), said(3, { by: 'system' }), said(4)];
    expect(log({ timeline })).toEqual([
      'day 20',
      'in received line 1',
      'in received line 2',
      'day 22',
      'notice assigned',
      'in received line 4',
    ]);
  });

  it('ticks what was stored, doubly what was read', () => {
    const timeline = [said(1, { by: 'customer' }), said(2, { by: 'customer' })];
    expect(log({ timeline, agentReadSeq: 1 })).toEqual(['day 22', 'out read line 1', 'out sent line 2']);
  });

  it('tells what was only delivered from what was read', () => {
    const timeline = [1, 2, 3].map((seq) => said(seq, { by: 'customer' }));
    expect(log({ timeline, agentReadSeq: 1, agentDeliveredSeq: 2 })).toEqual([
      'day 22',
      'out read line 1',
      'out delivered line 2',
      'out sent line 3',
    ]);
  });

  it('shows what this page sent from memory, without loading it again', () => {
    const content = { key: 'k', url: '/files/k/a.png', name: 'a.png', size: 1, width: 1, height: 1 };
    const timeline: ApiMessage[] = [{ ...said(1, { by: 'customer' }), body: { type: 'image', content } }];
    const shown = (previews: Map<string, string>) =>
      rowsOf({ ...empty, timeline, previews }).map((row) => row.kind === 'message' && row.body.content);
    expect(shown(new Map([['k', 'blob:1']]))).toContainEqual({ ...content, url: 'blob:1' });
    expect(shown(new Map([['other', 'blob:1']]))).toContainEqual(content);
  });

  it('ends with what is on its way, once', () => {
    const timeline = [said(1, { by: 'customer', clientId: 'a' })];
    const pending = [waiting('a'), waiting('b'), waiting('c', { kind: 'failed', code: 'too_long' })];
    expect(log({ timeline, pending })).toEqual(['day 22', 'out sent line 1', 'out sending b', 'out failed c']);
  });

  it('leaves what failed, or waits for its file, where it was written', () => {
    const timeline = [said(1), said(2)];
    const pending = [
      waiting('a', { kind: 'failed', code: 'too_large' }, 1),
      waiting('b', { kind: 'uploading', share: 0.3 }, 1),
      waiting('c', undefined, 1),
    ];
    expect(log({ timeline, pending })).toEqual([
      'day 22',
      'in received line 1',
      'out failed a',
      'out uploading b',
      'in received line 2',
      'out sending c',
    ]);
  });

  it('keeps the key of a message when it has arrived', () => {
    const [, before] = rowsOf({ ...empty, pending: [waiting('a')] });
    const arrived = [said(1, { by: 'customer', clientId: 'a' })];
    const [, after] = rowsOf({ ...empty, timeline: arrived });
    expect(after?.key).toBe(before?.key);
  });

  it('greets before everything, and only where the beginning is known', () => {
    const timeline = [said(31)];
    expect(log({ greeting })).toEqual(['in received Hello!']);
    expect(log({ greeting, pending: [waiting('a')] })).toEqual(['day 22', 'in received Hello!', 'out sending a']);
    expect(log({ greeting, timeline })).toEqual(['day 22', 'in received Hello!', 'in received line 31']);
    expect(log({ greeting, timeline, complete: false })).toEqual(['day 22', 'in received line 31']);
    expect(log({ greeting: { ...greeting, text: '' }, timeline })).toEqual(['day 22', 'in received line 31']);
  });

  it('greets where an agent came in', () => {
    const timeline = [said(1, { by: 'customer' }), said(2, { by: 'customer' })];
    const late = { ...greeting, afterSeq: 1 };
    expect(log({ greeting: late, timeline, complete: false })).toEqual([
      'day 22',
      'out sent line 1',
      'in received Hello!',
      'out sent line 2',
    ]);
  });

  it('groups what one person said within three minutes', () => {
    const timeline = [
      said(1),
      said(2, { at: '10:02' }),
      said(3, { at: '10:06' }),
      said(4, { at: '10:06', name: 'Bob' }),
    ];
    const edges = rowsOf({ ...empty, timeline }).flatMap((row) =>
      row.kind === 'message' ? [[row.first, row.last]] : [],
    );
    expect(edges).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });
});
