import type { Work } from '../../db/unit-of-work.ts';
import type { AgentActor } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { isId } from '../id-rules.ts';
import type { Inbox } from '../services.ts';
import { decodeCursor } from './inbox-cursor.ts';
import { createInboxView } from './inbox-view.ts';

const PAGE_MAX = 200;

export function createInbox(work: Work): Inbox {
  const view = createInboxView(work);
  const askOf = (actor: AgentActor) => ({ businessId: actor.businessId, agentId: actor.userId });
  return {
    list: async (actor, query) =>
      view.page(query.view, {
        ...askOf(actor),
        cursor: query.cursor === null ? null : decodeCursor(query.cursor),
        limit: Math.min(PAGE_MAX, Math.max(1, Math.trunc(query.limit))),
      }),
    one: async (actor, conversationId) => {
      const row = isId(conversationId) ? await view.one(askOf(actor), conversationId) : null;
      if (row === null) throw new DomainError('not_found', 'There is no such conversation.');
      return row;
    },
    counts: (actor) => view.counts(askOf(actor)),
  };
}
