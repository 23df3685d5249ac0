import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentActor } from '../web-app/src/domain/actor.ts';
import { widgetSettings } from '../web-app/src/domain/businesses/widget-settings.ts';
import type { Business } from '../web-app/src/domain/model.ts';
import type { AbsenceNotice, Services } from '../web-app/src/domain/services.ts';
import { arriving, asActor, byWidget, text } from './domain-site.ts';

/**
 * Every call that the domain offers, at least once, each in the ways that lead to other queries: in a business under
 * the rule _claim_ that `fillLarge` filled, by three of its agents, super managers all.
 */
export async function makeEveryCall(
  services: Services,
  business: Business,
  [anna, bert, cora]: [AgentActor, AgentActor, AgentActor],
): Promise<void> {
  await peopleCalls(services, business, anna);
  await conversationCalls(services, business, [anna, bert]);
  await contentCalls(services, business, anna);
  await presenceCalls(services, cora);
  await weixinCalls(services, bert);
}

async function peopleCalls(services: Services, business: Business, agent: AgentActor): Promise<void> {
  const known = await services.visitors.byUid(business.id, 'load-7');
  if (known === null) throw new Error('no load-7');
  await services.businesses.bySlug(business.slug);
  await services.businesses.byId(business.id);
  services.businesses.forget(business.id);
  await services.businesses.setWidget(agent, widgetSettings.parse({}));
  await services.businesses.rename(agent, 'Renamed');
  await services.users.byId(business.id, known.id);
  await services.visitors.byId(business.id, known.id);
  await services.visitors.byChannel(business.id, known.channel);
  const { token } = await services.visitors.arrive(business, arriving('plan-new'));
  await services.visitors.byToken(token ?? '');
  await services.visitors.arrive(
    business,
    arriving('plan-new', { proof: 'token', page: 'https://shop.example/2', email: 'a@shop.example', phone: '110' }),
  );
  await services.visitors.arrive(business, arriving('plan-new', { proof: 'token', passive: true }));
  await services.visitors.arrive(business, arriving('load-9', { proof: 'site', nickname: 'Named' }));
  await services.visitors.metBy(business.id, agent.userId);
  await services.agents.byId(business.id, agent.userId);
  await services.agents.byUserId(agent.userId);
  await services.agents.credentials('plan-3-b');
  await services.agents.list(business.id);
  await services.agents.setStatus(agent, 'busy');
  await services.agents.setStatus(agent, 'online');
  const profile = { userName: 'planNew', nickname: 'New' };
  await services.agents.register(agent, { profile, level: 'service', passwordHash: 'none' });
  await services.agents.describe(agent, { nickname: 'Renamed', phone: '1' });
  await services.agents.setPassword(agent, 'none');
  for (const uid of ['load-25', 'load-26', 'load-27']) {
    const visitor = await services.visitors.byUid(business.id, uid);
    await services.blacklist.add(agent, visitor?.id ?? 0);
  }
  await services.blacklist.list(agent);
  await services.blacklist.remove(agent, known.id);
}

async function conversationCalls(
  services: Services,
  business: Business,
  [anna, bert]: [AgentActor, AgentActor],
): Promise<void> {
  const visitor = await services.visitors.byUid(business.id, 'plan-new');
  const waiting = await services.visitors.byUid(business.id, 'load-50');
  const closed = await services.visitors.byUid(business.id, 'load-52');
  if (!visitor || !waiting || !closed) throw new Error('no visitors');
  const customer = asActor(visitor);
  const admission = await services.conversations.admit(business, visitor, byWidget);
  if (admission.kind !== 'waiting') throw new Error(admission.kind);
  const { id } = admission.conversation;
  await services.conversations.admit(business, visitor, byWidget);
  await services.conversations.ofVisitor(customer);
  await services.conversations.ofVisitors(anna, [visitor.id, waiting.id]);
  await services.conversations.estimateOf(customer, id);
  await services.conversations.byId(anna, id);
  await services.conversations.claim(anna, id);
  await services.conversations.transfer(anna, id, { agentId: bert.userId });
  const { message } = (await services.messages.send(customer, id, text('one', 'c1'))) ?? {};
  await services.messages.send(customer, id, text('one', 'c1'));
  const standing = { actor: customer, uid: 'plan-new', conversationId: id, agentId: bert.userId, tokenHash: null };
  await services.messages.sendAsBefore({ ...standing, proof: 'none' }, text('as before'));
  await services.messages.send(bert, id, text('two'));
  await services.messages.list(bert, id, { limit: 50 });
  await services.messages.list(bert, id, { limit: 50, afterSeq: 1 });
  await services.messages.list(bert, id, { limit: 50, beforeSeq: 3 });
  await services.messages.before(customer, id, { messageId: 0, limit: 10 });
  await services.messages.before(customer, id, { messageId: message.id, limit: 10 });
  await services.messages.between(bert, id, { from: new Date(0), to: new Date(), limit: 5_000 });
  await services.messages.markDelivered(customer, id, 3);
  await services.messages.markRead(customer, id, 3);
  await services.messages.unread(bert, id);
  await services.messages.readByAgents(customer, id);
  await services.messages.reachedByOthers(customer, id);
  await services.ratings.request(bert, id);
  await services.ratings.give(customer, id, { score: 5, comment: '' });
  const call = await services.calls.offer(customer, id, 'video');
  await services.calls.accept(bert, call.room);
  await services.calls.keepAlive(bert, call.room);
  await services.calls.end(customer, call.room);
  await services.calls.offer(bert, id, 'audio');
  await services.calls.ringing(customer);
  await services.calls.ringing(bert);
  await services.calls.sweep(100);
  for (const view of ['mine', 'queue', 'all'] as const) {
    const { next } = await services.inbox.list(bert, { view, cursor: null, limit: 20 });
    await services.inbox.list(bert, { view, cursor: next, limit: 20 });
  }
  await services.inbox.one(bert, id);
  await services.inbox.counts(bert);
  await services.conversations.transfer(bert, id, { teamNumber: 0 });
  await services.conversations.close(anna, id);
  await services.conversations.reopen(anna, id);
  await services.conversations.close(anna, id);
  await services.messages.send(customer, id, text('again'));
  const line = await services.conversations.ofVisitor(asActor(waiting));
  await services.conversations.close(asActor(waiting), line?.conversation.id ?? 0);
  const auto: Business = { ...business, distributionRule: 'auto' };
  await services.conversations.admit(auto, closed, byWidget);
}

async function contentCalls(services: Services, business: Business, agent: AgentActor): Promise<void> {
  const page = { title: 'Where?', source: 'Here', html: '' };
  const { id } = await services.content.saveFaq(agent, null, page);
  await services.content.saveFaq(agent, id, page);
  await services.content.faqs(business.id, 'her');
  await services.content.faq(business.id, id);
  const tab = await services.content.saveTab(agent, null, page);
  await services.content.saveTab(agent, tab.id, page);
  await services.content.tabs(business.id);
  await services.content.tab(business.id, tab.id);
  await services.content.offered(business.id);
  await services.content.setGreeting(agent, 'Hi');
  await services.content.setGreeting(agent, '');
  const visitor = await services.visitors.byUid(business.id, 'load-1');
  if (visitor === null) throw new Error('no load-1');
  const customer = asActor(visitor);
  const now = await services.conversations.ofVisitor(customer);
  const conversationId = now?.conversation.id ?? 0;
  await services.content.ask(customer, conversationId, id);
  const left = { userId: visitor.id, name: 'L', phone: '', email: '', content: 'call', page: '' };
  await services.leaveMessages.leave(business.id, left);
  await services.leaveMessages.list(agent, { beforeId: 99, limit: 10 });

  const path = join(tmpdir(), `plan-${randomUUID()}.txt`);
  writeFileSync(path, 'some words');
  const owner = { businessId: business.id, userId: visitor.id };
  const file = await services.files.receive(owner, { path, name: 'words.txt', size: 10 }, 'any');
  await services.files.byKey(file.key);
  services.files.pathOf(file);
  const body = { type: 'file' as const, content: { key: file.key } };
  await services.messages.send(customer, conversationId, { clientId: null, body, page: null });
  await services.files.sweep();
}

async function presenceCalls(services: Services, agent: AgentActor): Promise<void> {
  await services.presence.online();
  await services.presence.online([agent.userId]);
  await services.presence.left(agent.userId, new Date(0));
  const due = await services.presence.takeDue(10);
  await services.presence.settle(due[0] ?? 0, true);
  await services.presence.left(agent.userId, new Date(0));
  await services.presence.takeDue(10);
  await services.presence.settle(agent.userId, false);
  await services.presence.held(agent.userId);
}

async function weixinCalls(services: Services, agent: AgentActor): Promise<void> {
  const { code } = await services.weixin.makeCode(agent);
  await services.weixin.bindByCode(code, 'oPlan-1');
  await services.weixin.bind(agent, 'oPlan-2');
  await services.weixin.bindingOf(agent);
  const [notice] = await services.weixin.takeDue(10);
  const settled = notice ?? { ...nothingUnheard, userId: agent.userId };
  for (const outcome of ['failed', 'refused', 'sent'] as const) await services.weixin.settle(settled, outcome);
  await services.weixin.unbind(agent);
}

const nothingUnheard: AbsenceNotice = {
  conversationId: 0,
  userId: 0,
  openId: 'oPlan-2',
  seq: 1,
  attempts: 1,
  businessName: '',
  visitorName: '',
  preview: '',
  writtenAt: new Date(0),
  timezone: 'UTC',
};
