import type { Work } from '../../db/unit-of-work.ts';
import { addressJoins, addressJson, personJson } from './address.ts';
import type { Addressed } from './address.ts';

export function createAddressesStore({ db }: Work) {
  return {
    /** By conversation id. */
    find: async (conversationIds: readonly number[]): Promise<Map<number, Addressed>> => {
      const { rows } = await db.raw<{ rows: Addressed[] }>(
        `select ${addressJson} as "to", ${personJson('cu')} as customer
           from conversations c ${addressJoins} where c.id = any(?)`,
        [[...conversationIds]],
      );
      return new Map(rows.map((row) => [row.to.conversationId, row]));
    },
  };
}
