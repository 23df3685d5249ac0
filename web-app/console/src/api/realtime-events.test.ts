import { describe, expect, it } from 'vitest';
import { decodeRealtimeEvent, decodeTalkEvent } from './realtime-events.ts';

const text = {
  id: 5,
  conversationId: 1,
  seq: 2,
  senderId: 9,
  senderRole: 'customer',
  senderName: 'Lin',
  senderAvatar: '',
  clientId: null,
  createdAt: '2026-11-22T08:00:00.000Z',
  body: { type: 'text', content: { text: 'hello' } },
};

describe('decodeRealtimeEvent', () => {
  it('takes a message with WoLive fields beside ours', () => {
    const decoded = decodeRealtimeEvent('own', 'cu-event', {
      message: { ...text, visiter_id: 'w-1', content: 'hello' },
    });
    expect(decoded).toMatchObject({ type: 'message', message: { seq: 2, body: { content: { text: 'hello' } } } });
  });

  it('takes a message without its content as announced', () => {
    const { body: _body, ...announced } = text;
    expect(decodeRealtimeEvent('own', 'message', { message: announced })).toEqual({
      type: 'message-announced',
      conversationId: 1,
      seq: 2,
    });
  });

  it('tells an assignment from a move of the line by the channel', () => {
    expect(decodeRealtimeEvent('notices', 'on_notice', { message: {} })).toEqual({ type: 'assigned' });
    expect(decodeRealtimeEvent('business', 'on_notice', { message: {} })).toEqual({ type: 'line-moved' });
  });

  it('reads presence, cursors and availability', () => {
    expect(decodeRealtimeEvent('own', 'geton', { message: { chas: 'abc' } })).toEqual({
      type: 'visitor-presence',
      channel: 'abc',
      online: true,
    });
    expect(decodeRealtimeEvent('own', 'logout', { message: { chas: 'abc' } })).toMatchObject({ online: false });
    const read = { conversationId: 1, readerId: 2, readerRole: 'customer', readSeq: 3 };
    expect(decodeRealtimeEvent('own', 'read', read)).toEqual({ type: 'read', ...read });
    const agent = { agentId: 7, online: true, status: 'busy' };
    expect(decodeRealtimeEvent('business', 'agent', agent)).toEqual({ type: 'agent', ...agent });
    expect(decodeRealtimeEvent('own', 'conversation', { conversationId: 1, state: 'open', agentId: 7 })).toEqual({
      type: 'conversation',
      conversationId: 1,
      agentId: 7,
    });
  });

  it('reads how far a message came, a rating, and who types', () => {
    const delivered = { conversationId: 1, userId: 2, role: 'customer', deliveredSeq: 3 };
    expect(decodeRealtimeEvent('own', 'delivered', delivered)).toEqual({ type: 'delivered', ...delivered });
    const rating = { conversationId: 1, score: 4 };
    expect(decodeRealtimeEvent('own', 'rating', rating)).toEqual({ type: 'rating', ...rating });
    const typing = (data: unknown) => decodeTalkEvent(1, 'client-typing', data);
    expect(typing({ role: 'customer', typing: true })).toEqual({ type: 'typing', conversationId: 1, typing: true });
    expect(typing({ role: 'customer' })).toMatchObject({ typing: false });
    expect([typing({ role: 'agent', typing: true }), typing('yes')]).toEqual([null, null]);
    expect(decodeTalkEvent(1, 'client-signal', { role: 'customer' })).toBeNull();
  });

  it('takes nothing from what is not shaped as promised', () => {
    const bad: [string, unknown][] = [
      ['cu-event', null],
      ['cu-event', 'text'],
      ['cu-event', { message: { ...text, seq: '2' } }],
      ['message', { message: [] }],
      ['read', { conversationId: 1, readerId: 2, readerRole: 'robot', readSeq: 3 }],
      ['geton', { message: 'online' }],
      ['delivered', { conversationId: 1, userId: 2, role: 'robot', deliveredSeq: 3 }],
      ['rating', { conversationId: 1, score: '4' }],
      ['agent', { agentId: 7, online: 'yes', status: 'busy' }],
      ['conversation', { conversationId: -1 }],
      ['pusher:subscription_succeeded', {}],
      ['something-new', { message: text }],
    ];
    for (const [name, data] of bad) expect(decodeRealtimeEvent('own', name, data), name).toBeNull();
  });
});
