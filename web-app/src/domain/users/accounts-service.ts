import type { Sealer } from '../../db/sealing.ts';
import type { Work } from '../../db/unit-of-work.ts';
import { makeToken, tokenHash } from './tokens.ts';
import { createUsersStore } from './users-store.ts';
import type { UserRecord } from './user-record.ts';
import type { NewUser } from './users-store.ts';

/** Users with their tokens, for those services that make and recognise them. */
export interface Accounts {
  byId(businessId: number, id: number): Promise<UserRecord | null>;
  byUid(businessId: number, uid: string): Promise<UserRecord | null>;
  byTokenHash(hash: Buffer): Promise<UserRecord | null>;
  /** With a fresh token. Null when the uid is taken. */
  create(user: Omit<NewUser, 'tokenHash' | 'tokenSealed'>): Promise<{ user: UserRecord; token: string } | null>;
  /** The token that the user has; one that has none gets one. */
  tokenOf(user: UserRecord): Promise<string>;
  requireToken(id: number): Promise<void>;
  describe(id: number, change: { nickname?: string; avatar?: string }): Promise<void>;
  /** What is absent stays. */
  setContact(id: number, contact: { email?: string; phone?: string }): Promise<void>;
}

export function createAccounts(work: Work, sealer: Sealer): Accounts {
  const store = createUsersStore(work);
  return {
    byId: store.find,
    byUid: store.findByUid,
    byTokenHash: store.findByTokenHash,
    create: async (user) => {
      const token = makeToken();
      const created = await store.create({
        ...user,
        tokenHash: tokenHash(token),
        tokenSealed: await sealer.seal(token),
      });
      return created === null ? null : { user: created, token };
    },
    tokenOf: async (user) => {
      if (user.tokenSealed !== null) return sealer.open(user.tokenSealed);
      const token = makeToken();
      await store.giveToken(user.id, tokenHash(token), await sealer.seal(token));
      return token;
    },
    requireToken: store.requireToken,
    describe: store.describe,
    setContact: store.setContact,
  };
}
