import type { Work } from '../../db/unit-of-work.ts';

export interface BindingRow {
  id: number;
  userId: number;
  openId: string;
}

const columns = ['id', 'user_id as userId', 'open_id as openId'];

/** Tables `weixin_bindings` and `weixin_codes`. */
export function createWeixinStore({ db }: Work) {
  return {
    find: async (businessId: number, userId: number): Promise<BindingRow | null> => {
      const row = await db('weixin_bindings')
        .where({ business_id: businessId, user_id: userId })
        .first<BindingRow | undefined>(...columns);
      return row ?? null;
    },

    /** One an agent: a new one takes the place of the old. */
    bind: async (businessId: number, userId: number, openId: string): Promise<BindingRow> => {
      const [row] = await db('weixin_bindings')
        .insert({ user_id: userId, business_id: businessId, open_id: openId })
        .onConflict('user_id')
        .merge({ open_id: openId, created_at: db.fn.now() })
        .returning<BindingRow[]>(columns);
      if (row === undefined) throw new Error(`Agent ${userId} took no binding.`);
      return row;
    },

    unbind: async (businessId: number, userId: number): Promise<void> => {
      await db('weixin_bindings').where({ business_id: businessId, user_id: userId }).delete();
      await db('weixin_notices').where({ business_id: businessId, user_id: userId }).update({ due_at: null });
    },

    /** The agent's one code: an earlier one is worth nothing any more. */
    keepCode: async (businessId: number, userId: number, codeHash: Buffer, seconds: number): Promise<void> => {
      const values = { code_hash: codeHash, expires_at: db.raw('now() + make_interval(secs => ?)', [seconds]) };
      await db('weixin_codes')
        .insert({ user_id: userId, business_id: businessId, ...values })
        .onConflict('user_id')
        .merge(values);
    },

    /** Whose code it is; it is used up by being asked for. Null: nobody's, or too old. */
    takeCode: async (codeHash: Buffer): Promise<{ businessId: number; userId: number } | null> => {
      const { rows } = await db.raw<{ rows: { businessId: number; userId: number; isFresh: boolean }[] }>(
        `delete from weixin_codes where code_hash = ?
         returning business_id as "businessId", user_id as "userId", expires_at > now() as "isFresh"`,
        [codeHash],
      );
      const [row] = rows;
      return row?.isFresh ? { businessId: row.businessId, userId: row.userId } : null;
    },
  };
}
