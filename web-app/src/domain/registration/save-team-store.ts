import { saveRow } from '../../db/save-row.ts';
import type { Saved } from '../../db/save-row.ts';
import type { Work } from '../../db/unit-of-work.ts';
import type { Team } from '../model.ts';
import { given } from './given.ts';

export interface WorkingHours {
  /** ISO: 1 = Monday. */
  days: number[];
  /** `HH:MM`; the end may be `24:00`. */
  from: string;
  to: string;
}

export interface TeamChange {
  name?: string | undefined;
  logo?: string | undefined;
  assign?: Exclude<Team['assign'], null> | undefined;
  offlineText?: string | undefined;
  holdWhenNoAgent?: boolean | undefined;
  timeoutS?: number | undefined;
  dropAfterS?: number | undefined;
  hours?: WorkingHours[] | undefined;
}

/** Makes or changes a team; number 0 is the default one. */
export function saveTeam(work: Work, businessId: number, number: number, change: TeamChange): Promise<Saved> {
  const values = given({
    name: change.name,
    logo: change.logo,
    assign: change.assign,
    offline_text: change.offlineText,
    hold_when_no_agent: change.holdWhenNoAgent,
    timeout_s: change.timeoutS,
    drop_after_s: change.dropAfterS,
    hours: change.hours === undefined ? undefined : JSON.stringify(change.hours),
  });
  return saveRow(work.db, 'teams', { business_id: businessId, number }, values, { touched: 'version = version + 1' });
}

/** The teams of an agent, and no others. Answers the numbers that no team has; then nothing is changed. */
export async function saveMembership(
  work: Work,
  businessId: number,
  userId: number,
  numbers: readonly number[],
): Promise<{ saved: Saved; unknown: number[] }> {
  const teams = await work
    .db('teams')
    .where({ business_id: businessId })
    .whereIn('number', [...numbers])
    .select<{ id: number; number: number }[]>('id', 'number');
  const unknown = numbers.filter((number) => !teams.some((team) => team.number === number));
  if (unknown.length > 0) return { saved: 'same', unknown };
  const ids = teams.map((team) => team.id);
  const removed = await work.db('team_agents').where({ user_id: userId }).whereNotIn('team_id', ids).delete();
  const added = await work.db.raw<{ rowCount: number }>(
    `insert into team_agents (team_id, user_id, business_id)
     select unnest(:ids::bigint[]), :userId, :businessId on conflict (team_id, user_id) do nothing`,
    { ids, userId, businessId },
  );
  return { saved: removed + added.rowCount > 0 ? 'changed' : 'same', unknown };
}
