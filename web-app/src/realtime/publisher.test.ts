import { describe, expect, it } from 'vitest';
import type { DomainEvent, MessageCreated, UserPresence } from '../domain/events.ts';
import type { MessageContent } from '../domain/model.ts';
import { finalBytes, MAX_EVENT_BYTES } from './event-size.ts';
import type { PublishFacts } from './publish-facts.ts';
import { channel, facts, message, to } from './publisher-samples.ts';
import { triggersOf } from './publisher.ts';

function withBusiness(business: Partial<PublishFacts['business']>): PublishFacts {
  return { ...facts, business: { ...facts.business, ...business } };
}

function told(event: DomainEvent, under: PublishFacts = facts): string[] {
  return triggersOf(event, under).map((trigger) => `${trigger.name} → ${trigger.channel}`);
}

describe("a visitor's message", () => {
  it('is a cu-event for each agent, and a message for the visitor’s other tabs', () => {
    expect(told(message('customer', 'hi', { ...to, agentIds: [5, 6] }))).toEqual([
      'cu-event → private-kefu5',
      'cu-event → private-kefu6',
      `message → private-cu${channel}`,
    ]);
  });

  it("carries WoLive's fields and our own side by side", () => {
    expect(triggersOf(message('customer', 'a <b> & c'), facts)[0]?.data).toEqual({
      message: {
        id: 900,
        conversationId: 7,
        seq: 3,
        senderId: 20,
        senderRole: 'customer',
        senderName: 'One',
        senderAvatar: '/v.png',
        clientId: 'c-1',
        createdAt: '2026-11-22T01:30:00.250Z',
        body: { type: 'text', content: { text: 'a <b> & c' } },
        visiter_id: 'u1',
        service_id: 5,
        business_id: 'acme',
        channel,
        content: 'a &lt;b&gt; &amp; c',
        avatar: '/v.png',
        record: 'https://shop.example/p',
        timestamp: 1795311000,
      },
    });
  });

  it('to nobody yet makes those who watch the line look again', () => {
    expect(told(message('customer', 'hi', { ...to, state: 'waiting', agentIds: [] }))).toEqual([
      'conversation → private-allacme',
      `message → private-cu${channel}`,
    ]);
  });
});

describe("an agent's message", () => {
  it('is a my-event for the visitor, and a message for the agents’ other tabs', () => {
    expect(told(message('agent', 'hello'))).toEqual([`my-event → private-cu${channel}`, 'message → private-kefu5']);
  });
});

describe('channels', () => {
  it('of a business with legacy_public_channels carry the documented events plainly too, and only those', () => {
    expect(told(message('agent', 'hello'), withBusiness({ legacyPublicChannels: true }))).toEqual([
      `my-event → private-cu${channel}`,
      `my-event → cu${channel}`,
      'message → private-kefu5',
    ]);
  });

  it('of a business that encrypts are the encrypted ones', () => {
    expect(told(message('agent', 'hello'), withBusiness({ encryptChannels: true }))).toEqual([
      `my-event → private-encrypted-cu${channel}`,
      'message → private-encrypted-kefu5',
    ]);
  });
});

describe('a message over 10 KB', () => {
  it.each([
    ['plain', facts],
    ['encrypted', withBusiness({ encryptChannels: true })],
  ])('is announced by id and seq with the beginning of its text (%s)', (_form, under) => {
    const nasty = '您"\u0001'.repeat(3300);
    const event: MessageCreated = { ...message('customer', nasty), page: `https://x/${'\u0001'.repeat(2000)}` };
    for (const trigger of triggersOf(event, under)) {
      expect(finalBytes(trigger)).toBeLessThanOrEqual(MAX_EVENT_BYTES);
      expect(trigger.data).toMatchObject({
        message: { id: 900, seq: 3, truncated: true, createdAt: '2026-11-22T01:30:00.250Z' },
      });
    }
  });

  const key = '0123456789abcdef0123456789abcdef';
  const words = '"您'.repeat(250);
  const address = `https://shop.example/?${'%'.repeat(2000)}`;
  const kinds: MessageContent[] = [
    { type: 'card', content: { pid: words, title: words, info: words, price: words, url: address, image: address } },
    { type: 'image', content: { key, name: '🎁'.repeat(120), size: 1, width: 1, height: 1 } },
    { type: 'file', content: { key, name: '🎁'.repeat(120), size: 1 } },
  ];

  it.each(kinds)('can be a $type, and stays HTML that is whole', (kind) => {
    for (const from of ['customer', 'agent'] as const) {
      const base = message(from, '');
      const record = `https://x/${'"'.repeat(2000)}`;
      const event: MessageCreated = { ...base, page: record, message: { ...base.message, ...kind } };
      for (const trigger of triggersOf(event, withBusiness({ encryptChannels: true }))) {
        expect(finalBytes(trigger)).toBeLessThanOrEqual(MAX_EVENT_BYTES);
        const { content = '' } = (trigger.data as { message: { content?: string } }).message;
        expect(content.split('<')).toHaveLength(content.split('>').length);
      }
    }
  });

  it('just below goes whole', () => {
    const [trigger] = triggersOf(message('customer', 'x'.repeat(4500)), facts);
    expect(trigger && finalBytes(trigger)).toBeGreaterThan(9000);
    expect(JSON.stringify(trigger?.data)).not.toContain('truncated');
  });
});

describe('a conversation', () => {
  const assigned: DomainEvent = {
    type: 'conversation.assigned',
    agent: { id: 5, uid: 'alice', nickname: 'Alice', avatar: '/a.png' },
    customer: { id: 20, uid: 'u1', nickname: 'One', avatar: '/v.png' },
    previousAgentIds: [6],
    greeting: 'Welcome <3',
    to,
  };

  it('assigned is told to old and new agents, the visitor and the business, then greeted', () => {
    expect(told(assigned)).toEqual([
      'conversation → private-kefu5',
      'conversation → private-kefu6',
      `conversation → private-cu${channel}`,
      'conversation → private-allacme',
      `cu_notice → private-cu${channel}`,
      `first_word → private-cu${channel}`,
      'on_notice → private-ud5',
    ]);
  });

  it("gives the visitor the agent's row, and the agent the visitor's", () => {
    const triggers = triggersOf(assigned, facts);
    const dataOf = (name: string) => triggers.find((trigger) => trigger.name === name)?.data;
    expect(dataOf('cu_notice')).toEqual({
      message: {
        id: 5,
        name: 'Alice',
        avatar: '/a.png',
        online: true,
        service_id: 5,
        nick_name: 'Alice',
        user_name: 'alice',
        business_id: 'acme',
        level: 'service',
        parent_id: 0,
        state: 'online',
      },
    });
    expect(dataOf('first_word')).toEqual({ message: { avatar: '/a.png', content: 'Welcome &lt;3' } });
    expect(dataOf('on_notice')).toMatchObject({
      message: {
        visiter_id: 'u1',
        visiter_name: 'One',
        channel,
        from_url: 'https://shop.example/p',
        timestamp: '2026-11-22 09:30:00',
        state: 'online',
      },
    });
  });

  it('closed is told without a new agent', () => {
    const closed: DomainEvent = {
      ...assigned,
      type: 'conversation.closed',
      to: { ...to, state: 'closed', agentIds: [] },
    };
    expect(told(closed)).toEqual([
      'conversation → private-kefu6',
      `conversation → private-cu${channel}`,
      'conversation → private-allacme',
    ]);
  });
});

type Presence = Omit<UserPresence, 'type'>;

describe('the rest', () => {
  it('reading goes to both sides', () => {
    expect(told({ type: 'message.read', readerId: 5, readerRole: 'agent', readSeq: 3, to })).toEqual([
      'read → private-kefu5',
      `read → private-cu${channel}`,
    ]);
  });

  it('a place in the line goes to who waits', () => {
    const [trigger] = triggersOf({ type: 'request.updated', requestId: 1, status: 0, place: 2, to }, facts);
    expect(trigger).toEqual({ channel: `private-cu${channel}`, name: 'place', data: { place: 2 } });
  });

  it('the line goes to all agents, in the words of WoLive', () => {
    const customer = { id: 20, uid: 'u1', nickname: 'One', avatar: '' };
    const base = { businessId: 1, businessSlug: 'acme', teamNumber: 2, waiting: 1, customer, conversationId: 7 };
    const [trigger] = triggersOf({ type: 'line.changed', reason: 'joined', ...base }, facts);
    expect(trigger).toMatchObject({
      channel: 'private-allacme',
      name: 'on_notice',
      data: { message: { msg: '有访客在等待交谈', groupid: 2, waiting: 1 } },
    });
  });

  it("a visitor's coming and going goes to the agents they talk with", () => {
    const presence: Presence = {
      userId: 20,
      businessId: 1,
      businessSlug: 'acme',
      kind: 'visitor',
      channel,
      agentIds: [5],
    };
    expect(triggersOf({ type: 'user.online', ...presence }, facts)).toEqual([
      { channel: 'private-kefu5', name: 'geton', data: { message: { chas: channel } } },
    ]);
    expect(told({ type: 'user.offline', ...presence })).toEqual(['logout → private-kefu5']);
  });

  it("an agent's coming and going goes to the visitors and to all agents", () => {
    const presence: Presence = {
      userId: 5,
      businessId: 1,
      businessSlug: 'acme',
      kind: 'agent',
      channel: null,
      agentIds: [],
    };
    expect(triggersOf({ type: 'user.offline', ...presence }, facts)).toEqual([
      { channel: 'private-se5', name: 'logout', data: { message: 'offline' } },
      { channel: 'private-allacme', name: 'agent', data: { agentId: 5, online: false, status: 'busy' } },
    ]);
  });

  it("an agent's own status goes to all agents", () => {
    const event = {
      type: 'user.updated',
      userId: 5,
      businessId: 1,
      businessSlug: 'acme',
      manualStatus: 'offline',
    } as const;
    expect(triggersOf(event, facts)).toEqual([
      { channel: 'private-allacme', name: 'agent', data: { agentId: 5, online: true, status: 'offline' } },
    ]);
  });
});

describe('ticks and ratings', () => {
  it('how far somebody has got the messages goes to both sides', () => {
    const event: DomainEvent = { type: 'message.delivered', userId: 20, role: 'customer', deliveredSeq: 4, to };
    expect(triggersOf(event, facts)).toEqual(
      ['private-kefu5', `private-cu${channel}`].map((name) => ({
        channel: name,
        name: 'delivered',
        data: { conversationId: 7, userId: 20, role: 'customer', deliveredSeq: 4 },
      })),
    );
  });

  it("a rating goes to the episode's agent, also after the close, and to nobody twice", () => {
    const data = { conversationId: 7, score: 4 };
    const rated = (agentIds: number[]): DomainEvent => ({
      type: 'rating.given',
      score: 4,
      agentId: 5,
      to: { ...to, agentIds },
    });
    expect(triggersOf(rated([]), facts)).toEqual([{ channel: 'private-kefu5', name: 'rating', data }]);
    expect(told(rated([5]))).toEqual(['rating → private-kefu5']);
    expect(told(rated([6]))).toEqual(['rating → private-kefu5', 'rating → private-kefu6']);
  });
});
