import type { Work } from '../../db/unit-of-work.ts';
import { DomainError } from '../errors.ts';
import type { Business } from '../model.ts';
import { createTeamsStore } from './teams-store.ts';
import type { TeamRecord } from './team-record.ts';

/** Numbers are 32-bit in the database. */
const HIGHEST_NUMBER = 2_147_483_647;

export interface Teams {
  byId(businessId: number, id: number): Promise<TeamRecord>;
  /** @throws DomainError `not_found` */
  byNumber(businessId: number, number: number): Promise<TeamRecord>;
}

export function createTeams(work: Work): Teams {
  const store = createTeamsStore(work);
  return {
    byId: async (businessId, id) => {
      const team = await store.find(businessId, id);
      if (team === null) throw new DomainError('not_found', 'There is no such team.');
      return team;
    },
    byNumber: async (businessId, number) => {
      const valid = Number.isInteger(number) && number >= 0 && number <= HIGHEST_NUMBER;
      const team = valid ? await store.findByNumber(businessId, number) : null;
      if (team === null) throw new DomainError('not_found', `There is no team ${number}.`);
      return team;
    },
  };
}

/** How a team's line is served: its own way, or else the business's. */
export function ruleOf(business: Business, team: TeamRecord): 'auto' | 'claim' | 'random' {
  return team.assign ?? business.distributionRule;
}
