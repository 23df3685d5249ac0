import type { ConversationAddress, MessageCreated } from '../domain/events.ts';
import type { Agent, Visitor } from '../domain/model.ts';
import type { PublishFacts } from './publish-facts.ts';

/** A business, an agent and a visitor for the publisher's tests. */
export const channel = Buffer.from('u1/acme').toString('hex');

export const to: ConversationAddress = {
  conversationId: 7,
  businessId: 1,
  businessSlug: 'acme',
  teamNumber: 0,
  state: 'open',
  customerId: 20,
  customerUid: 'u1',
  customerChannel: channel,
  agentIds: [5],
};

const agent: Agent = {
  id: 5,
  businessId: 1,
  uid: 'alice',
  kind: 'agent',
  nickname: 'Alice',
  avatar: '/a.png',
  userName: 'alice',
  level: 'service',
  phone: '',
  email: '',
  manualStatus: 'busy',
  online: true,
  greeting: '',
  maxConversations: 8,
  load: 1,
};

const visitor: Visitor = {
  id: 20,
  businessId: 1,
  uid: 'u1',
  kind: 'visitor',
  nickname: 'One',
  avatar: '/v.png',
  email: '',
  phone: '',
  channel,
  ip: '10.0.0.9',
  page: 'https://shop.example/p',
  referrer: '',
  device: { browser: 'Firefox', os: 'Linux', type: 'desktop' },
  locale: 'en',
  online: true,
  firstSeenAt: new Date('2026-11-22T00:00:00Z'),
  lastSeenAt: new Date('2026-11-22T01:30:00Z'),
};

export const facts: PublishFacts = {
  business: { slug: 'acme', timezone: 'Asia/Shanghai', encryptChannels: false, legacyPublicChannels: false },
  agent,
  visitor,
  webUrl: 'https://chat.example',
};

export function message(from: 'customer' | 'agent', text: string, address = to): MessageCreated {
  const isCustomer = from === 'customer';
  return {
    type: 'message.created',
    message: {
      type: 'text',
      content: { text },
      id: 900,
      businessId: 1,
      conversationId: 7,
      seq: 3,
      senderId: isCustomer ? 20 : 5,
      senderRole: from,
      clientId: 'c-1',
      createdAt: '2026-11-22T01:30:00.250Z',
    },
    sender: isCustomer
      ? { id: 20, uid: 'u1', nickname: 'One', avatar: '/v.png' }
      : { id: 5, uid: 'alice', nickname: 'Alice', avatar: '/a.png' },
    page: 'https://shop.example/p',
    to: address,
  };
}
