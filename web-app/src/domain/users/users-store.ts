import { violates } from '../../db/unit-of-work.ts';
import type { Work } from '../../db/unit-of-work.ts';
import type { User } from '../model.ts';
import type { Proof, UserRecord } from './user-record.ts';

interface UserRow {
  id: number;
  business_id: number;
  uid: string;
  kind: User['kind'];
  proof: Proof;
  nickname: string;
  avatar: string;
  token_required: boolean;
  token_sealed: string | null;
}

const columns = [
  'id',
  'business_id',
  'uid',
  'kind',
  'proof',
  'nickname',
  'avatar',
  'token_required',
  'token_sealed',
] as const;

function toUser(row: UserRow): UserRecord {
  return {
    id: row.id,
    businessId: row.business_id,
    uid: row.uid,
    kind: row.kind,
    nickname: row.nickname,
    avatar: row.avatar,
    proof: row.proof,
    tokenRequired: row.token_required,
    tokenSealed: row.token_sealed,
  };
}

export interface NewUser {
  businessId: number;
  uid: string;
  kind: User['kind'];
  proof: Proof;
  nickname: string;
  avatar: string;
  tokenRequired: boolean;
  tokenHash: Buffer | null;
  tokenSealed: string | null;
}

export function createUsersStore({ db }: Work) {
  async function one(where: object): Promise<UserRecord | null> {
    const row = await db('users')
      .where(where)
      .first<UserRow | undefined>(...columns);
    return row === undefined ? null : toUser(row);
  }

  return {
    find: (businessId: number, id: number) => one({ business_id: businessId, id }),
    findByUid: (businessId: number, uid: string) => one({ business_id: businessId, uid }),
    findByTokenHash: (hash: Buffer) => one({ token_hash: hash }),

    /** Null when somebody has the uid already. */
    create: async (user: NewUser): Promise<UserRecord | null> => {
      const [row] = await db('users')
        .insert({
          business_id: user.businessId,
          uid: user.uid,
          kind: user.kind,
          proof: user.proof,
          nickname: user.nickname,
          avatar: user.avatar,
          token_required: user.tokenRequired,
          token_hash: user.tokenHash,
          token_sealed: user.tokenSealed,
        })
        .onConflict(['business_id', 'uid'])
        .ignore()
        .returning<UserRow[]>(columns);
      return row === undefined ? null : toUser(row);
    },

    /** Gives the uid up to who proved it; `uid~id` is nobody else's, since ids are not given twice. */
    rename: async (id: number, uid: string): Promise<void> => {
      try {
        await db('users').where({ id }).update({ uid });
      } catch (error) {
        if (violates(error, 'users_uid_once')) throw new Error(`The name ${uid} is taken.`, { cause: error });
        throw error;
      }
    },

    describe: async (id: number, change: { nickname?: string; avatar?: string }): Promise<void> => {
      await db('users').where({ id }).update(change);
    },

    setContact: async (id: number, contact: { email?: string; phone?: string }): Promise<void> => {
      await db.raw(
        `update users set attributes = attributes || :contact::jsonb
          where id = :id and not attributes @> :contact::jsonb`,
        { id, contact: JSON.stringify(contact) },
      );
    },

    giveToken: async (id: number, hash: Buffer, sealed: string): Promise<void> => {
      await db('users').where({ id }).update({ token_hash: hash, token_sealed: sealed });
    },

    requireToken: async (id: number): Promise<void> => {
      await db('users').where({ id, token_required: false }).update({ token_required: true });
    },
  };
}
