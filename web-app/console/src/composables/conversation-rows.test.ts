import { describe, expect, it } from 'vitest';
import {
  belongsTo,
  mergeRow,
  sortRows,
  standingOf,
  withAgentPresence,
  withCustomerDelivered,
  withCustomerPresence,
  withCustomerRead,
  withMessage,
  withOwnRead,
} from './conversation-rows.ts';
import { conversation, message, minute, OWN_ID, ownMessage } from './sample-data.ts';

describe('withMessage', () => {
  it('counts what came since the own cursor, also over a hole', () => {
    const row = conversation(1, { lastSeq: 4, unread: 1 });
    expect(withMessage(row, message(7), OWN_ID)).toMatchObject({ lastSeq: 7, unread: 4, lastMessageAt: minute(7) });
  });

  it('ignores what it has', () => {
    const row = conversation(1, { lastSeq: 4, unread: 1 });
    expect(withMessage(row, message(4), OWN_ID)).toBe(row);
  });

  it('takes an own message as having read everything before it', () => {
    const row = conversation(1, { lastSeq: 4, unread: 3 });
    expect(withMessage(row, ownMessage(5), OWN_ID)).toMatchObject({ lastSeq: 5, unread: 0 });
    expect(withMessage({ ...row, lastSeq: 6 }, ownMessage(5), OWN_ID).unread).toBe(1);
  });

  it("takes a customer's message as the customer having read what stood before", () => {
    expect(withMessage(conversation(1, { lastSeq: 4 }), message(5), OWN_ID).customerReadSeq).toBe(5);
  });
});

describe('mergeRow', () => {
  it('keeps a message that came while the row was being read', () => {
    const known = withMessage(conversation(1, { lastSeq: 4 }), message(5), OWN_ID);
    const merged = mergeRow(known, conversation(1, { lastSeq: 4, state: 'closed' }), false);
    expect(merged).toMatchObject({ state: 'closed', lastSeq: 5, unread: 1, lastMessage: { seq: 5 } });
  });

  it('does not bring back what was read meanwhile', () => {
    const known = withOwnRead(conversation(1, { lastSeq: 4, unread: 4 }), 4);
    expect(mergeRow(known, conversation(1, { lastSeq: 5, unread: 5 }), false).unread).toBe(1);
  });

  it('does not let an answer that was asked for earlier undo a later one', () => {
    const known = conversation(1, { state: 'closed' });
    expect(mergeRow(known, conversation(1, { state: 'open' }), true).state).toBe('closed');
  });
});

describe('cursors and presence', () => {
  it('move forward only', () => {
    const row = conversation(1, { lastSeq: 9, unread: 2, customerReadSeq: 5 });
    expect(withOwnRead(row, 3)).toBe(row);
    expect(withOwnRead(row, 8).unread).toBe(1);
    expect(withCustomerRead(row, 4)).toBe(row);
    expect(withCustomerRead(row, 8).customerReadSeq).toBe(8);
    expect(withCustomerDelivered({ ...row, customerDeliveredSeq: 5 }, 4).customerDeliveredSeq).toBe(5);
    expect(withCustomerDelivered(row, 8).customerDeliveredSeq).toBe(8);
  });

  it('touch only the rows they name', () => {
    const row = conversation(1);
    expect(withCustomerPresence(row, 'channel-2', false)).toBe(row);
    expect(withCustomerPresence(row, 'channel-1', false).customer.online).toBe(false);
    expect(withAgentPresence(row, 99, false)).toBe(row);
    expect(withAgentPresence(row, OWN_ID, false).agent?.online).toBe(false);
  });
});

describe('views', () => {
  const mine = conversation(1, { lastMessageAt: minute(5) });
  const others = conversation(2, { agent: { id: 8, name: 'Bob', avatar: '', online: true }, lastMessageAt: minute(9) });
  const waiting = conversation(3, {
    state: 'waiting',
    agent: null,
    waitingSince: minute(4),
    lastMessageAt: minute(20),
  });
  const waitingLonger = conversation(4, { state: 'waiting', agent: null, waitingSince: minute(1) });
  const rows = [mine, others, waiting, waitingLonger];
  const ids = (view: 'mine' | 'queue' | 'all') =>
    sortRows(
      view,
      rows.filter((row) => belongsTo(view, row, OWN_ID)),
    ).map(({ id }) => id);

  it('mine has the own open ones, the queue who waits, longest first, and all everything, newest first', () => {
    expect(ids('mine')).toEqual([1]);
    expect(ids('queue')).toEqual([4, 3]);
    expect(ids('all')).toEqual([3, 2, 1, 4]);
  });

  it('rows say what the agent may do', () => {
    expect(standingOf(mine, OWN_ID)).toEqual({ kind: 'mine' });
    expect(standingOf(others, OWN_ID)).toEqual({ kind: 'others', agentName: 'Bob' });
    expect(standingOf(waiting, OWN_ID)).toEqual({ kind: 'claimable' });
    expect(standingOf(conversation(5, { state: 'closed' }), OWN_ID)).toEqual({ kind: 'closed' });
    expect(standingOf(conversation(6, { state: 'none', agent: null }), OWN_ID)).toEqual({ kind: 'idle' });
  });
});
