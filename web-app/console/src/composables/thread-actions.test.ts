import { expect, it } from 'vitest';
import { conversation, OWN_ID } from './sample-data.ts';
import { actionsOf } from './thread-actions.ts';

const service = { id: OWN_ID, level: 'service' } as const;
const manager = { id: 99, level: 'manager' } as const;
const stranger = { id: 98, level: 'service' } as const;

it('an agent gives away and asks about their own conversation, a manager about anybody’s that is open', () => {
  const open = conversation(1, { lastSeq: 3 });
  expect(actionsOf(open, service)).toEqual(['transfer', 'rating', 'page', 'text', 'block']);
  expect(actionsOf(open, manager)).toEqual(['transfer', 'rating', 'page', 'text', 'block']);
  expect(actionsOf(open, stranger)).toEqual(['page', 'text', 'block']);
});

it('a closed conversation is taken up again unless its visitor is black-listed, and an empty one has no transcript', () => {
  const closed = conversation(1, { state: 'closed', lastSeq: 3 });
  expect(actionsOf(closed, manager)).toEqual(['reopen', 'page', 'text', 'block']);
  expect(actionsOf({ ...closed, blacklisted: true }, service)).toEqual(['page', 'text', 'unblock']);
  expect(actionsOf(conversation(1, { state: 'waiting', agent: null }), service)).toEqual(['block']);
});
