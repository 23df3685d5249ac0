import { expect, it } from 'vitest';
import { decodeEvent } from './decode-event.ts';

const message = {
  id: 9,
  conversationId: 1,
  seq: 3,
  senderId: 7,
  senderRole: 'agent',
  senderName: 'Alice',
  senderAvatar: '',
  clientId: null,
  createdAt: '2026-11-22T10:00:00.000Z',
  body: { type: 'text', content: { text: 'hello' } },
};

it('takes a message with its WoLive fields beside it', () => {
  const wire = { ...message, visiter_id: 'w-1', content: 'hello', direction: 'to_visiter' };
  expect(decodeEvent('my-event', { message: wire })).toEqual({ kind: 'message', message: wire });
  expect(decodeEvent('message', { message })).toMatchObject({ kind: 'message' });
});

it.each([
  ['shortened', { ...message, truncated: true }],
  ['without a seq', { ...message, seq: undefined }],
  ["a WoLive server's, without our fields", { content: 'hello', visiter_id: 'w-1', timestamp: 1 }],
  ['of a kind that this panel is too old for', { ...message, body: { type: 'hologram', content: {} } }],
  ['nothing', undefined],
])('reads a message from the store that came %s', (_how, value) => {
  expect(decodeEvent('my-event', { message: value })).toEqual({ kind: 'missed' });
});

it.each([
  ['read', { readerRole: 'agent', readSeq: 4 }, { kind: 'read', by: 'agent', seq: 4 }],
  ['read', { readerRole: 'agent', readSeq: 'x' }, null],
  ['place', { place: 2 }, { kind: 'place', place: 2 }],
  ['place', { place: 0 }, { kind: 'place', place: null }],
  ['first_word', { message: { avatar: '', content: 'Hello!' } }, { kind: 'greeting', text: 'Hello!' }],
  ['first_word', { message: { content: {} } }, null],
  ['conversation', { conversationId: 1, state: 'open', agentId: 7 }, { kind: 'conversation' }],
  ['geton', { message: 'online' }, { kind: 'presence', online: true }],
  ['logout', { message: 'offline' }, { kind: 'presence', online: false }],
  [
    'cu_notice',
    { message: { id: 7, name: 'Alice' } },
    { kind: 'agent', agent: { id: 7, name: 'Alice', avatar: '', online: false } },
  ],
  ['cu_notice', { message: { service_id: 7 } }, { kind: 'conversation' }],
  ['on_notice', { message: {} }, null],
  ['something new', {}, null],
])('decodes %s %j', (name, data, event) => {
  expect(decodeEvent(name, data)).toEqual(event);
});
