import { describe, expect, it } from 'vitest';
import { widgetSettings } from '../../domain/businesses/widget-settings.ts';
import type { Business, InboxRow } from '../../domain/model.ts';
import { listedVisiter, listOrder, sortedForList } from './inbox-rows.ts';

const business: Business = {
  id: 1,
  slug: 'acme',
  name: 'Acme',
  state: 'open',
  distributionRule: 'auto',
  locale: 'zh-CN',
  timezone: 'Asia/Shanghai',
  legacyVisitors: true,
  identityRequired: false,
  legacyPublicChannels: false,
  encryptChannels: false,
  allowedDomains: [],
  greeting: '',
  offlineText: '',
  blacklistMode: 'silent',
  audioState: 'open',
  videoState: 'open',
  voiceState: 'open',
  widget: widgetSettings.parse({}),
  identitySecret: '',
};

function row(uid: string, { online, unread, at }: { online: boolean; unread: number; at: string }): InboxRow {
  const seenAt = new Date('2017-11-29T07:37:04Z');
  return {
    conversation: {
      id: 9,
      businessId: 1,
      kind: 'service',
      customerId: 7,
      state: 'open',
      teamId: 1,
      agentId: 5,
      lastSeq: 1,
      lastMessageAt: new Date(at),
      createdAt: seenAt,
    },
    customer: {
      id: 7,
      businessId: 1,
      uid,
      kind: 'visitor',
      nickname: '<b>Ann</b>',
      avatar: '',
      email: '',
      phone: '',
      channel: '31',
      ip: '192.0.2.1',
      page: 'https://shop.example/',
      referrer: '',
      device: { browser: '', os: '', type: 'unknown' },
      locale: '',
      online,
      firstSeenAt: seenAt,
      lastSeenAt: seenAt,
    },
    agent: null,
    lastMessage: null,
    unread,
    customerReadSeq: 0,
    customerDeliveredSeq: 0,
    isBlacklisted: false,
    rating: null,
    waitingSince: null,
  };
}

describe('getchats', () => {
  it('L19: on line with unread first, then off line with unread, on line, off line; newest first', () => {
    const rows = [
      row('off', { online: false, unread: 0, at: '2026-01-01T09:00:00Z' }),
      row('on', { online: true, unread: 0, at: '2026-01-01T09:00:00Z' }),
      row('off-unread', { online: false, unread: 2, at: '2026-01-01T09:00:00Z' }),
      row('on-unread-old', { online: true, unread: 1, at: '2026-01-01T08:00:00Z' }),
      row('on-unread-new', { online: true, unread: 1, at: '2026-01-01T09:00:00Z' }),
    ];
    const sorted = sortedForList(rows);
    expect(sorted.map(({ customer }) => customer.uid)).toEqual([
      'on-unread-new',
      'on-unread-old',
      'off-unread',
      'on',
      'off',
    ]);
    expect(sorted.map(listOrder)).toEqual([1, 1, 2, 3, 4]);
  });

  it('L5: the row has the document’s columns, its times on the business’s clock, its names as text', () => {
    const listed = listedVisiter(row('10086', { online: true, unread: 3, at: '2017-11-29T07:37:04Z' }), business);
    expect(listed).toEqual({
      vid: 7,
      visiter_id: '10086',
      visiter_name: '<b>Ann</b>',
      channel: '31',
      avatar: '',
      ip: '192.0.2.1',
      from_url: 'https://shop.example/',
      timestamp: '2017-11-29 15:37:04',
      business_id: 'acme',
      state: 'online',
      qid: 9,
      service_id: 5,
      queue: {
        qid: 9,
        visiter_id: '10086',
        service_id: 5,
        business_id: 'acme',
        state: 'normal',
        timestamp: '2017-11-29 15:37:04',
      },
      content: '',
      count: 3,
    });
  });
});
