import { saveRow } from '../../db/save-row.ts';
import type { Saved } from '../../db/save-row.ts';
import type { Work } from '../../db/unit-of-work.ts';
import { createAgentsStore } from '../agents/agents-store.ts';
import { DomainError } from '../errors.ts';
import type { AgentLevel } from '../model.ts';
import { createUsersStore } from '../users/users-store.ts';
import { agentUid } from './registration.ts';
import { given } from './given.ts';
import { saveUser, userOfSite } from './save-user-store.ts';
import type { Registry } from './save-user-store.ts';

export interface AgentChange {
  nickname?: string | undefined;
  /** Undefined: the password stays. */
  passwordHash?: string | undefined;
  level?: AgentLevel | undefined;
  /** Empty: as absent. */
  uid?: string | undefined;
  token?: string | undefined;
  maxConversations?: number | undefined;
}

/** Nobody signs in with it: it is no hash of any password. */
const NO_PASSWORD = '';

/**
 * Makes or changes an agent; found again by user name.
 * @throws DomainError `conflict` when the name is another business's, or the uid somebody else's
 */
export async function saveAgent(registry: Registry, userName: string, change: AgentChange) {
  const { work, businessId } = registry;
  const known = await createAgentsStore(work).credentials(userName);
  if (known !== null && known.businessId !== businessId) {
    throw new DomainError('conflict', 'an agent of another business has this user name');
  }
  return known === null ? makeAgent(registry, userName, change) : changeAgent(registry, known.userId, change);
}

async function makeAgent(registry: Registry, userName: string, change: AgentChange) {
  const { work, businessId } = registry;
  const uid = change.uid === undefined || change.uid === '' ? agentUid(userName) : change.uid;
  const { user } = await saveUser(
    registry,
    uid,
    { nickname: change.nickname ?? userName, token: change.token },
    'agent',
  );
  const agents = createAgentsStore(work);
  if ((await agents.find(user.id)) !== null) throw new DomainError('conflict', 'another agent has this uid');
  await work.db('users').where({ id: user.id }).update({ kind: 'agent' });
  await agents.create({
    userId: user.id,
    businessId,
    userName,
    passwordHash: change.passwordHash ?? NO_PASSWORD,
    level: change.level ?? 'service',
    ...(change.maxConversations === undefined ? {} : { maxConversations: change.maxConversations }),
  });
  return { userId: user.id, saved: 'created' as Saved };
}

async function changeAgent(registry: Registry, userId: number, change: AgentChange) {
  const { work, businessId } = registry;
  const users = createUsersStore(work);
  const before = await users.find(businessId, userId);
  if (before === null) throw new Error(`Agent ${userId} is no user.`);
  const uid = change.uid === undefined || change.uid === '' ? before.uid : change.uid;
  if (uid !== before.uid) {
    if ((await userOfSite(registry, uid)) !== null) throw new DomainError('conflict', 'another user has this uid');
    await users.rename(userId, uid);
  }
  const user = await saveUser(registry, uid, { nickname: change.nickname, token: change.token }, 'agent');
  const agent = await saveRow(
    work.db,
    'agents',
    { user_id: userId },
    given({
      password_hash: change.passwordHash,
      // Whoever is signed in with the old password is not any more.
      sessions_valid_from: change.passwordHash === undefined ? undefined : new Date(),
      level: change.level,
      max_conversations: change.maxConversations,
    }),
    { touched: 'version = version + 1' },
  );
  const isSame = uid === before.uid && user.saved === 'same' && agent === 'same';
  return { userId, saved: (isSame ? 'same' : 'changed') as Saved };
}

/** The hash that a client account has; null: none of this name. */
export async function clientPasswordHash(work: Work, businessId: number, loginName: string): Promise<string | null> {
  const row = await work
    .db('client_accounts')
    .where({ business_id: businessId })
    .whereRaw('lower(login_name) = lower(?)', [loginName])
    .first<{ password_hash: string } | undefined>('password_hash');
  return row?.password_hash ?? null;
}

/** Makes or changes a client account; found again by login name. `passwordHash` undefined: it stays. */
export async function saveClient(
  registry: Registry,
  loginName: string,
  passwordHash: string | undefined,
): Promise<Saved> {
  const { work, businessId } = registry;
  const known = await clientPasswordHash(work, businessId, loginName);
  if (known === null) {
    const { user } = await saveUser(registry, `client/${loginName}`, { nickname: loginName });
    const password_hash = passwordHash ?? NO_PASSWORD;
    const account = { user_id: user.id, business_id: businessId, login_name: loginName, password_hash };
    await work.db('client_accounts').insert(account);
    return 'created';
  }
  if (passwordHash === undefined) return 'same';
  await work
    .db('client_accounts')
    .where({ business_id: businessId })
    .whereRaw('lower(login_name) = lower(?)', [loginName])
    .update({ password_hash: passwordHash });
  return 'changed';
}
