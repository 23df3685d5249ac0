import { afterAll, beforeAll, expect, test } from 'vitest';
import { byWidget, openSite } from '../../../../test-support/domain-site.ts';
import type { TestSite } from '../../../../test-support/domain-site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const soon = () => new Date(Date.now() + 8_000);
const now = () => new Date();

test('online is told once, however often the channel is held; offline once, when it is due and nobody holds it', async () => {
  const { presence, conversations } = site.services;
  const business = await site.business('presence');
  const agent = await site.agent(business, 'present');
  const visitor = await site.visitor(business, 'v');
  await conversations.admit(business, visitor, byWidget);
  await site.told();

  await presence.held(visitor.id);
  await presence.held(visitor.id);
  expect(await site.told()).toEqual([
    {
      type: 'user.online',
      userId: visitor.id,
      businessId: business.id,
      businessSlug: 'presence',
      kind: 'visitor',
      channel: visitor.channel,
      agentIds: [agent.userId],
    },
  ]);
  expect(await site.services.visitors.byId(business.id, visitor.id)).toMatchObject({ online: true });

  await presence.left(visitor.id, now());
  expect(await presence.takeDue(10)).toEqual([visitor.id]);
  // Another process does not get the same while the first asks for the occupancy.
  expect(await presence.takeDue(10)).toEqual([]);
  await presence.settle(visitor.id, false);
  await presence.settle(visitor.id, false);
  expect(await site.told()).toMatchObject([{ type: 'user.offline', userId: visitor.id, agentIds: [agent.userId] }]);
  expect(await site.services.visitors.byId(business.id, visitor.id)).toMatchObject({ online: false });
});

test('a blip is told to nobody', async () => {
  const { presence } = site.services;
  const business = await site.business('blip');
  const { userId } = await site.agent(business, 'blinker');
  await site.told();
  await presence.left(userId, soon());
  expect(await presence.takeDue(10)).toEqual([]);
  await presence.held(userId);
  await presence.left(userId, now());
  expect(await presence.takeDue(10)).toEqual([userId]);
  await presence.settle(userId, true);
  expect(await presence.takeDue(10)).toEqual([]);
  expect(await site.told()).toEqual([]);
});

test('who comes back, or comes and goes again, while the occupancy is asked stays online', async () => {
  const { presence } = site.services;
  const business = await site.business('quick');
  const { userId } = await site.agent(business, 'quick');
  await site.told();
  await presence.left(userId, now());
  expect(await presence.takeDue(10)).toEqual([userId]);
  await presence.held(userId);
  await presence.left(userId, soon());
  await presence.settle(userId, false);
  expect(await site.told()).toEqual([]);
  expect(await site.services.agents.byUserId(userId)).toMatchObject({ online: true });
});

test('a repeated webhook does not postpone the due time', async () => {
  const { presence } = site.services;
  const business = await site.business('again');
  const { userId } = await site.agent(business, 'again');
  await presence.left(userId, now());
  await presence.left(userId, soon());
  expect(await presence.takeDue(10)).toContain(userId);
});

test('ids of nobody, which any subscriber can make up, change nothing', async () => {
  const { presence } = site.services;
  await site.told();
  for (const userId of [999_999, 0, -1, 1.5, Number.NaN, 2 ** 60]) {
    await presence.held(userId);
    await presence.left(userId, now());
    await presence.settle(userId, false);
  }
  expect(await site.told()).toEqual([]);
});

test('everyone who is online is listed with their channel', async () => {
  const { presence } = site.services;
  const business = await site.business('listed');
  const agent = await site.agent(business, 'listed');
  const visitor = await site.visitor(business, 'listed');
  await presence.held(visitor.id);
  const online = (await presence.online()).filter((user) => user.businessId === business.id);
  expect(online).toEqual([
    { userId: agent.userId, kind: 'agent', businessId: business.id, channel: null },
    { userId: visitor.id, kind: 'visitor', businessId: business.id, channel: visitor.channel },
  ]);
});
