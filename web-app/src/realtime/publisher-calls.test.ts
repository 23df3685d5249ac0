import { expect, it } from 'vitest';
import type { CallOffered, DomainEvent } from '../domain/events.ts';
import { channel, facts, to } from './publisher-samples.ts';
import { triggersOf } from './publisher.ts';

const room = 'ab'.repeat(16);
const offer: CallOffered = {
  type: 'call.offered',
  room,
  kind: 'audio',
  callerRole: 'customer',
  caller: { id: 20, uid: 'u1', nickname: 'One', avatar: '/v.png' },
  agentId: 5,
  to: { ...to, agentIds: [5, 6] },
};

const told = (event: DomainEvent) => triggersOf(event, facts).map(({ name, channel: on }) => `${name} → ${on}`);

it('an offer rings at the one who is called, with WoLive’s fields and our own side by side', () => {
  expect(triggersOf(offer, facts)).toEqual([
    {
      channel: 'private-kefu5',
      name: 'video',
      data: {
        message: '申请语音通话',
        channel,
        avatar: '/v.png',
        username: 'One',
        cid: room,
        room,
        kind: 'audio',
        conversationId: 7,
      },
    },
  ]);
  expect(told({ ...offer, callerRole: 'agent' })).toEqual([`video → private-cu${channel}`]);
});

it('what becomes of it is told to both who talk, and to no other agent', () => {
  const { agentId, to: address } = offer;
  expect(told({ type: 'call.accepted', room, agentId, to: address })).toEqual([
    'video-accept → private-kefu5',
    `video-accept → private-cu${channel}`,
  ]);
  expect(triggersOf({ type: 'call.ended', room, outcome: 'missed', agentId, to: address }, facts)).toEqual([
    {
      channel: 'private-kefu5',
      name: 'video-refuse',
      data: { message: { room, conversationId: 7, reason: 'missed' } },
    },
    {
      channel: `private-cu${channel}`,
      name: 'video-refuse',
      data: { message: { room, conversationId: 7, reason: 'missed' } },
    },
  ]);
});

it('plain channels hear the two events that WoLive documents', () => {
  const plain = { ...facts, business: { ...facts.business, legacyPublicChannels: true } };
  const { agentId, to: address } = offer;
  const names = (event: DomainEvent) => triggersOf(event, plain).map(({ name, channel: on }) => `${name} → ${on}`);
  expect(names(offer)).toContain('video → kefu5');
  expect(names({ type: 'call.ended', room, outcome: 'ended', agentId, to: address })).toContain(
    `video-refuse → cu${channel}`,
  );
  expect(names({ type: 'call.accepted', room, agentId, to: address })).toHaveLength(2);
});
