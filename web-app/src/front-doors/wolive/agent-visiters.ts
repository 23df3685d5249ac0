import { DomainError } from '../../domain/errors.ts';
import type { Agent, Visitor } from '../../domain/model.ts';
import type { Services } from '../../domain/services.ts';
import { decode } from '../decode.ts';
import { visiterNamed } from './channel.ts';
import { listedVisiter } from './inbox-rows.ts';
import type { LegacyCall } from './legacy-call.ts';
import { success } from './reply.ts';
import { queueRow, visiterRow } from './rows.ts';
import { businessOf, conversationNamed } from './service-chat.ts';
import { claimRequest, metByRequest, transferRequest } from './wire.ts';

/** `/admin/set/getblackdata`: visitors who are not served. */
export const getBlackData: LegacyCall = {
  paths: ['/admin/set/getblackdata'],
  reads: true,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent) {
    const business = await businessOf(services, agent);
    const refused = await services.blacklist.list(agent);
    const standing = { waitingSince: null, isBlacklisted: true };
    return success(
      refused.map(({ visitor, conversation }) => ({
        ...visiterRow(visitor, business),
        queue: conversation && queueRow(conversation, visitor, standing, business),
      })),
    );
  },
};

/** `/admin/set/blacklist`: a visitor is not served any more. */
export const blacklist: LegacyCall = {
  paths: ['/admin/set/blacklist'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const { id } = await visitorNamed(services, agent.businessId, request.fields);
    await services.blacklist.add(agent, id);
    return { code: 0, msg: 'success' };
  },
};

/** `/admin/set/removeblacklist`: a visitor is served again. */
export const removeBlacklist: LegacyCall = {
  paths: ['/admin/set/removeblacklist'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const { id } = await visitorNamed(services, agent.businessId, request.fields);
    await services.blacklist.remove(agent, id);
    return { code: 0, msg: 'success' };
  },
};

/** `/admin/set/deletes`: the conversation is done. */
export const deletes: LegacyCall = {
  paths: ['/admin/set/deletes'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const { conversation } = await conversationNamed(services, agent, decode(claimRequest, request.fields));
    await services.conversations.close(agent, conversation.id);
    return { code: 0, msg: 'success' };
  },
};

/** `/admin/set/getswitch`: gives the conversation to the agent `id`. */
export const getSwitch: LegacyCall = {
  paths: ['/admin/set/getswitch'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const input = decode(transferRequest, request.fields);
    const { conversation } = await conversationNamed(services, agent, input);
    await services.conversations.transfer(agent, conversation.id, { agentId: input.id });
    return { code: 0, msg: 'success' };
  },
};

/**
 * `/admin/set/getchatnow`: the row of a visitor who was removed from the list, with the conversation open again and in
 * this agent's hands.
 */
export const getChatNow: LegacyCall = {
  paths: ['/admin/set/getchatnow'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const named = decode(claimRequest, rowOf(request.fields));
    const { business, conversation } = await conversationNamed(services, agent, named);
    const reopened = await services.conversations.reopen(agent, conversation.id);
    const row = await services.inbox.one(agent, reopened.id);
    return success(listedVisiter(row, business));
  },
};

/** `/admin/set/getvisiters`: with whom an agent has talked; the agent by nickname, user name or id. */
export const getVisiters: LegacyCall = {
  paths: ['/admin/set/getvisiters'],
  reads: true,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const { service } = decode(metByRequest, request.fields);
    const business = await businessOf(services, agent);
    const named = agentNamed(await services.agents.list(business.id), service);
    if (named === null) throw new DomainError('not_found', 'There is no such agent');
    const visitors = await services.visitors.metBy(business.id, named.id);
    return success(visitors.map((visitor) => visiterRow(visitor, business)));
  },
};

/** The row as the document's client sends it: its fields, or JSON of it under `sdata`. */
function rowOf(fields: unknown): unknown {
  const { sdata } = Object(fields) as { sdata?: unknown };
  if (typeof sdata !== 'string') return typeof sdata === 'object' && sdata !== null ? sdata : fields;
  try {
    return JSON.parse(sdata) as unknown;
  } catch (cause) {
    throw new DomainError('invalid', 'sdata is no JSON', { cause });
  }
}

/** A user name is unique; of two with one nickname the first is meant. */
function agentNamed(agents: readonly Agent[], name: string): Agent | null {
  const found =
    agents.find(({ userName }) => userName.toLowerCase() === name.toLowerCase()) ??
    agents.find(({ nickname }) => nickname === name) ??
    agents.find(({ id }) => String(id) === name);
  return found ?? null;
}

async function visitorNamed(services: Services, businessId: number, fields: unknown): Promise<Visitor> {
  const named = decode(claimRequest, fields);
  const business = await services.businesses.byId(businessId);
  if (business === null) throw new DomainError('unauthorized', 'This business is no longer there');
  const visitor = await services.visitors.byUid(business.id, visiterNamed(named, business.slug));
  if (visitor === null) throw new DomainError('not_found', 'There is no such visitor');
  return visitor;
}
