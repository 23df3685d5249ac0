import type { Work } from '../../db/unit-of-work.ts';

export function createBlacklistStore({ db }: Work) {
  return {
    add: async (businessId: number, userId: number, byId: number): Promise<void> => {
      await db('blacklist')
        .insert({ business_id: businessId, user_id: userId, by_id: byId })
        .onConflict(['business_id', 'user_id'])
        .ignore();
    },

    remove: async (businessId: number, userId: number): Promise<void> => {
      await db('blacklist').where({ business_id: businessId, user_id: userId }).delete();
    },
  };
}
