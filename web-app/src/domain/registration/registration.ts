import type { Database } from '../../db/knex.ts';
import type { Work } from '../../db/unit-of-work.ts';
import { createAgentsStore } from '../agents/agents-store.ts';
import { createBusinessRows } from '../businesses/business-rows-store.ts';
import { DomainError } from '../errors.ts';
import type { AgentLevel, DistributionRule } from '../model.ts';
import { createTeamsStore } from '../teams/teams-store.ts';
import { createUsersStore } from '../users/users-store.ts';
import { silentWork } from './silent-work.ts';

export interface NewBusiness {
  slug: string;
  name: string;
  locale?: string;
  timezone?: string;
  distributionRule?: DistributionRule;
  greeting?: string;
  offlineText?: string;
}

export interface NewAgent {
  businessId: number;
  userName: string;
  nickname: string;
  passwordHash: string;
  level: AgentLevel;
  avatar?: string;
  phone?: string;
  email?: string;
  maxConversations?: number;
  /** The site's own id of the user that the agent also is; absent: `agent/` and the user name. */
  uid?: string;
}

/** True on the very first run. */
export async function hasNoAgents(db: Database): Promise<boolean> {
  return createAgentsStore(silentWork(db)).isEmpty();
}

/**
 * A business with its default team.
 * @throws DomainError `conflict` when the slug is taken
 */
export async function createBusiness(db: Database, business: NewBusiness): Promise<{ id: number }> {
  return silentWork(db).transaction(async (work) => {
    const id = await createBusinessRows(work).create(business);
    if (id === null) throw new DomainError('conflict', `There is a business ${business.slug} already.`);
    await createTeamsStore(work).create(id, 0);
    return { id };
  });
}

/**
 * An agent, who is also a user of its business. It belongs to no team, so it serves the default one.
 * @throws DomainError `conflict` when the user name (of any business) or the uid (of this one) is taken
 */
export async function createAgent(db: Database, agent: NewAgent): Promise<{ id: number }> {
  return silentWork(db).transaction((work) => registerAgent(work, agent));
}

/** The same inside a transaction. @throws DomainError `conflict` */
export async function registerAgent(work: Work, agent: NewAgent): Promise<{ id: number }> {
  const agents = createAgentsStore(work);
  if ((await agents.credentials(agent.userName)) !== null) {
    throw new DomainError('conflict', `The user name ${agent.userName} is taken.`);
  }
  const user = await createUsersStore(work).create({
    businessId: agent.businessId,
    uid: agent.uid ?? agentUid(agent.userName),
    kind: 'agent',
    proof: 'site',
    nickname: agent.nickname,
    avatar: agent.avatar ?? '',
    tokenRequired: true,
    tokenHash: null,
    tokenSealed: null,
  });
  if (user === null) throw new DomainError('conflict', `The uid of ${agent.userName} is taken.`);
  await agents.create({ ...agent, userId: user.id });
  return { id: user.id };
}

/** An agent's uid when the site names none; apart from visitors' ids, which may well be the same words. */
export function agentUid(userName: string): string {
  return `agent/${userName}`;
}
