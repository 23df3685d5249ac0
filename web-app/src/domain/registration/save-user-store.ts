import { saveRow } from '../../db/save-row.ts';
import type { Saved } from '../../db/save-row.ts';
import type { Sealer } from '../../db/sealing.ts';
import type { Work } from '../../db/unit-of-work.ts';
import { DomainError } from '../errors.ts';
import { tokenHash } from '../users/tokens.ts';
import type { UserRecord } from '../users/user-record.ts';
import { createUsersStore } from '../users/users-store.ts';
import { displaceStranger } from '../visitors/displace-stranger.ts';
import { given } from './given.ts';

/** Where users are made: a business, and what seals their tokens. */
export interface Registry {
  work: Work;
  sealer: Sealer;
  businessId: number;
  slug: string;
}

export interface UserChange {
  nickname?: string | undefined;
  avatar?: string | undefined;
  /** Empty: none is set. */
  token?: string | undefined;
}

/** The user whom the site means by this uid: a stranger who goes by it gives it up. Null: nobody yet. */
export async function userOfSite({ work, businessId, slug }: Registry, uid: string): Promise<UserRecord | null> {
  const known = await createUsersStore(work).findByUid(businessId, uid);
  if (known === null || known.proof !== 'none') return known;
  await displaceStranger(work, known, slug);
  return null;
}

/** Makes or changes a user whom the site names; found again by uid. */
export async function saveUser(
  registry: Registry,
  uid: string,
  change: UserChange,
  kind: 'member' | 'agent' = 'member',
): Promise<{ user: UserRecord; saved: Saved }> {
  const { work, businessId } = registry;
  const known = await userOfSite(registry, uid);
  const user = known ?? (await createNamed(registry, uid, change.nickname ?? uid, kind));
  const saved = await saveRow(
    work.db,
    'users',
    { business_id: businessId, id: user.id },
    given({ nickname: change.nickname, avatar: change.avatar, ...(await tokenColumns(registry, user, change.token)) }),
  );
  return { user, saved: known === null ? 'created' : saved };
}

async function createNamed({ work, businessId }: Registry, uid: string, nickname: string, kind: 'member' | 'agent') {
  const created = await createUsersStore(work).create({
    businessId,
    uid,
    kind,
    proof: 'site',
    nickname: [...nickname].slice(0, 64).join(''),
    avatar: '',
    tokenRequired: true,
    tokenHash: null,
    tokenSealed: null,
  });
  if (created === null) throw new DomainError('conflict', `The uid ${uid} is taken.`);
  return created;
}

async function tokenColumns({ sealer }: Registry, user: UserRecord, token: string | undefined) {
  if (token === undefined || token === '') return {};
  if (user.tokenSealed !== null && (await sealer.open(user.tokenSealed)) === token) return {};
  return { token_hash: tokenHash(token), token_sealed: await sealer.seal(token), token_required: true };
}

/** Mutual at once, and asked by nobody in particular. */
export async function saveFriendship(work: Work, businessId: number, one: number, other: number): Promise<Saved> {
  const key = { low_id: Math.min(one, other), high_id: Math.max(one, other) };
  const known = await work.db('friendships').where(key).first<{ state: string } | undefined>('state');
  if (known === undefined) {
    await work.db('friendships').insert({ ...key, business_id: businessId, state: 'accepted', asked_by: one });
    return 'created';
  }
  return saveRow(work.db, 'friendships', key, { state: 'accepted' });
}
