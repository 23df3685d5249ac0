import type { ApiColleague } from '../../../src/front-doors/console-api/wire.ts';

/** Whether a conversation can be given to somebody, and if not, why. */
export type Taking = 'free' | 'full' | 'away';

/** Who is busy gets no new visitors by the line, but a colleague may hand one over. */
export function takingOf({ online, status, load, maxConversations }: ApiColleague): Taking {
  if (!online || status === 'offline') return 'away';
  return load < maxConversations ? 'free' : 'full';
}

/** How a colleague's dot looks: one who is at no console is offline, whatever they chose. */
export function presenceOf({ online, status }: ApiColleague): ApiColleague['status'] {
  return online ? status : 'offline';
}

/**
 * Whom a conversation may be given to, the likeliest first: who can take it, at the desk before busy, with fewer
 * conversations before more. `words` looks at names.
 *
 * @param holderId who has it now
 */
export function candidates(all: readonly ApiColleague[], holderId: number | null, words: string): ApiColleague[] {
  const wanted = words.trim().toLowerCase();
  return all
    .filter(({ id, name }) => id !== holderId && name.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || a.load - b.load || a.name.localeCompare(b.name) || a.id - b.id);
}

function rank(colleague: ApiColleague): number {
  const order = { free: colleague.status === 'busy' ? 1 : 0, full: 2, away: 3 };
  return order[takingOf(colleague)];
}
