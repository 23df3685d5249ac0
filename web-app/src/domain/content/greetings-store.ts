import type { Work } from '../../db/unit-of-work.ts';

/** An agent's own greeting; `agents-store` reads it with the agent. */
export function createGreetingsStore({ db }: Work) {
  return {
    put: async (businessId: number, userId: number, text: string): Promise<void> => {
      await db('greetings')
        .insert({ business_id: businessId, user_id: userId, content: text })
        .onConflict('user_id')
        .merge({ content: text });
    },

    remove: async (userId: number): Promise<void> => {
      await db('greetings').where({ user_id: userId }).delete();
    },
  };
}
