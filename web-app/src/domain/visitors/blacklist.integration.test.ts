import { afterAll, beforeAll, expect, test } from 'vitest';
import { asActor, byWidget, openSite, text } from '../../../../test-support/domain-site.ts';
import type { TestSite } from '../../../../test-support/domain-site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('an open conversation ends, whoever had it; the list names both; removed, they are served again', async () => {
  const { services } = site;
  const business = await site.business('ends');
  const anna = await site.agent(business, 'ends-anna');
  const visitor = await site.visitor(business, 'rude');
  await services.conversations.admit(business, visitor, byWidget);
  const bert = await site.agent(business, 'ends-bert');
  await services.blacklist.add(bert, visitor.id);
  await services.blacklist.add(anna, visitor.id);
  expect(await services.blacklist.list(anna)).toMatchObject([
    { visitor: { uid: 'rude' }, conversation: { state: 'closed' } },
  ]);
  expect(await services.inbox.counts(anna)).toMatchObject({ mine: 0 });
  expect(await services.conversations.admit(business, visitor, byWidget)).toMatchObject({
    kind: 'blacklisted',
    lastAgent: { id: anna.userId },
  });
  await services.blacklist.remove(anna, visitor.id);
  await services.blacklist.remove(anna, visitor.id);
  expect(await services.conversations.admit(business, visitor, byWidget)).toMatchObject({ kind: 'assigned' });
});

test('a wait ends too, and those behind move up', async () => {
  const { services } = site;
  const business = await site.business('waits', 'claim');
  const anna = await site.agent(business, 'waits-anna');
  const [first, second] = [await site.visitor(business, 'first'), await site.visitor(business, 'second')];
  await services.conversations.admit(business, first, byWidget);
  await services.conversations.admit(business, second, byWidget);
  await site.told();
  await services.blacklist.add(anna, first.id);
  const places = (await site.told()).flatMap((event) =>
    event.type === 'request.updated' ? [[event.to.customerUid, event.place]] : [],
  );
  expect(places).toEqual([
    ['first', 0],
    ['second', 1],
  ]);
});

test('somebody met before any conversation can be refused; what another business has does not exist', async () => {
  const { services } = site;
  const business = await site.business('wall');
  const anna = await site.agent(business, 'wall-anna');
  const elsewhere = await site.business('wall-elsewhere');
  const foreign = await site.visitor(elsewhere, 'foreign');
  const visitor = await site.visitor(business, 'never-asked');
  await services.blacklist.add(anna, visitor.id);
  expect(await services.blacklist.list(anna)).toMatchObject([{ visitor: { id: visitor.id }, conversation: null }]);
  await expect(services.blacklist.add(anna, foreign.id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(services.blacklist.remove(anna, foreign.id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(services.blacklist.add(anna, 2 ** 70)).rejects.toMatchObject({ code: 'not_found' });
});

test('black-listed while they write 20 messages: what is stored came before, and nothing after', async () => {
  const { services } = site;
  const business = await site.business('writes');
  const anna = await site.agent(business, 'writes-anna');
  const visitor = await site.visitor(business, 'writer');
  const admission = await services.conversations.admit(business, visitor, byWidget);
  if (admission.kind !== 'assigned') throw new Error(admission.kind);
  const { id } = admission.conversation;
  const writing = Array.from({ length: 20 }, (_, index) =>
    services.messages.send(asActor(visitor), id, text(`word ${index}`)).then(
      () => 'stored',
      (error: { code: string }) => error.code,
    ),
  );
  await services.blacklist.add(anna, visitor.id);
  const outcomes = await Promise.all(writing);
  expect(outcomes.filter((outcome) => !['stored', 'blacklisted'].includes(outcome))).toEqual([]);
  await expect(services.messages.send(asActor(visitor), id, text('after'))).rejects.toMatchObject({
    code: 'blacklisted',
  });
  const stored = (await services.messages.list(anna, id, { limit: 200 })).filter(({ type }) => type === 'text');
  expect(stored).toHaveLength(outcomes.filter((outcome) => outcome === 'stored').length);
  expect(await services.conversations.byId(anna, id)).toMatchObject({ state: 'closed' });
});
