import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { asActor, byWidget, openSite, text } from '../../../test-support/domain-site.ts';
import type { TestSite } from '../../../test-support/domain-site.ts';
import { laneOf } from './outbox-writer.ts';
import { openWork } from './unit-of-work.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});
afterEach(() => {
  site.announced();
});
afterAll(() => site.close());

test('what a message tells is in the outbox, in its conversation’s lane, when the lane is announced', async () => {
  const business = await site.business('lanes');
  await site.agent(business, 'lanes');
  const visitor = await site.visitor(business, 'v');
  const admission = await site.services.conversations.admit(business, visitor, byWidget);
  const id = admission.kind === 'assigned' ? admission.conversation.id : 0;
  await site.told();
  site.announced();
  await site.services.messages.send(asActor(visitor), id, text('hello'));
  expect(site.announced()).toEqual([laneOf(id)]);
  const rows = await site.db('outbox').select('lane', 'conversation_id');
  expect(rows).toEqual([{ lane: laneOf(id), conversation_id: id }]);
});

test('a transaction announces each of its lanes once, after the commit; one that fails announces nothing', async () => {
  const seen: { lanes: readonly number[]; visible: Promise<unknown[]> }[] = [];
  const rows = () => site.db('settings').where('name', 'like', 'uow_%').select('name');
  const work = openWork(site.db, { announce: (lanes) => seen.push({ lanes, visible: rows() }) });
  await work.transaction(async (inner) => {
    await inner.db('settings').insert({ name: 'uow_1', value: '' });
    inner.wrote(3);
    await inner.transaction(async (nested) => {
      await nested.db('settings').insert({ name: 'uow_2', value: '' });
      nested.wrote(7);
      nested.wrote(3);
    });
    expect(seen).toEqual([]);
  });
  expect(seen.map(({ lanes }) => lanes)).toEqual([[3, 7]]);
  expect(await seen[0]?.visible).toHaveLength(2);

  const failing = work.transaction(async (inner) => {
    await inner.db('settings').insert({ name: 'uow_3', value: '' });
    inner.wrote(1);
    throw new Error('on purpose');
  });
  await expect(failing).rejects.toThrow('on purpose');
  expect(seen).toHaveLength(1);
  expect(await rows()).toHaveLength(2);
});

test('the victim of a deadlock runs again, and both are done', async () => {
  const work = openWork(site.db, { announce: () => undefined });
  let holding = 0;
  let bothHold: () => void = () => undefined;
  const together = new Promise<void>((resolve) => {
    bothHold = resolve;
  });
  let runs = 0;
  const take = (first: number, second: number) =>
    work.transaction(async ({ db }) => {
      runs += 1;
      await db.raw('select 1 from relay_lanes where lane = ? for update', [first]);
      holding += 1;
      if (holding === 2) bothHold();
      await together;
      await db.raw('select 1 from relay_lanes where lane = ? for update', [second]);
      return `${first} then ${second}`;
    });
  const before = site.deadlocks();
  expect(await Promise.all([take(1, 2), take(2, 1)])).toEqual(['1 then 2', '2 then 1']);
  expect(runs).toBe(3);
  expect(site.deadlocks() - before).toBe(1);
});
