import type { Work } from '../../db/unit-of-work.ts';
import type { Team } from '../model.ts';
import type { TeamRecord } from './team-record.ts';

interface TeamRow {
  id: number;
  business_id: number;
  number: number;
  name: string;
  assign: Team['assign'];
  offline_text: string;
  hold_when_no_agent: boolean;
}

const columns = ['id', 'business_id', 'number', 'name', 'assign', 'offline_text', 'hold_when_no_agent'] as const;

function toTeam(row: TeamRow): TeamRecord {
  return {
    id: row.id,
    businessId: row.business_id,
    number: row.number,
    name: row.name,
    assign: row.assign,
    offlineText: row.offline_text,
    holdWhenNoAgent: row.hold_when_no_agent,
  };
}

export function createTeamsStore({ db }: Work) {
  async function one(where: object): Promise<TeamRecord | null> {
    const row = await db('teams')
      .where(where)
      .first<TeamRow | undefined>(...columns);
    return row === undefined ? null : toTeam(row);
  }
  return {
    find: (businessId: number, id: number) => one({ business_id: businessId, id }),
    findByNumber: (businessId: number, number: number) => one({ business_id: businessId, number }),

    create: async (businessId: number, number: number): Promise<void> => {
      await db('teams').insert({ business_id: businessId, number }).onConflict(['business_id', 'number']).ignore();
    },
  };
}
