import type { ApiConversation, ApiMessage } from '../../../src/front-doors/console-api/wire.ts';

/** Conversations and messages for tests, with only what a test names being special. */

export const OWN_ID = 7;
const CUSTOMER_ID = 100;
const START = Date.parse('2026-11-22T08:00:00.000Z');

/** ISO time, minutes after the start of the tests' day. */
export function minute(minutes: number): string {
  return new Date(START + minutes * 60_000).toISOString();
}

/** The customer's unless said otherwise; message `seq` comes in minute `seq`. */
export function message(seq: number, special: Partial<ApiMessage> = {}): ApiMessage {
  return {
    id: 1000 + seq,
    conversationId: 1,
    seq,
    senderId: CUSTOMER_ID,
    senderRole: 'customer',
    senderName: 'Lin',
    senderAvatar: '',
    clientId: null,
    createdAt: minute(seq),
    body: { type: 'text', content: { text: `message ${seq}` } },
    ...special,
  };
}

export function ownMessage(seq: number, special: Partial<ApiMessage> = {}): ApiMessage {
  return message(seq, { senderId: OWN_ID, senderRole: 'agent', senderName: 'Alice', clientId: `c-${seq}`, ...special });
}

export function conversation(id: number, special: Partial<ApiConversation> = {}): ApiConversation {
  return {
    id,
    state: 'open',
    customer: {
      id: CUSTOMER_ID + id,
      name: `Customer ${id}`,
      avatar: '',
      email: '',
      phone: '',
      visitorId: `w-${id}`,
      channel: `channel-${id}`,
      online: true,
      page: 'https://shop.example/red-one',
      referrer: '',
      ip: '192.0.2.1',
      locale: 'zh-CN',
      device: { browser: 'Firefox 140', os: 'Windows', type: 'desktop' },
      firstSeenAt: minute(0),
      lastSeenAt: minute(0),
    },
    agent: { id: OWN_ID, name: 'Alice', avatar: '', online: true },
    lastSeq: 0,
    lastMessage: null,
    lastMessageAt: null,
    unread: 0,
    customerReadSeq: 0,
    customerDeliveredSeq: 0,
    blacklisted: false,
    rating: null,
    waitingSince: null,
    createdAt: minute(0),
    ...special,
  };
}
