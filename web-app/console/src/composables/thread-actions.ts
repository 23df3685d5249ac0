import type { ApiConversation, ApiMe } from '../../../src/front-doors/console-api/wire.ts';
import { mayHandle } from './conversation-rows.ts';

/** What an agent may do with a conversation besides writing and closing. */
export type ThreadAction = 'transfer' | 'rating' | 'reopen' | 'page' | 'text' | 'block' | 'unblock';

/** In the order of the menu; `page` and `text` are the two forms of the transcript. */
export function actionsOf(row: ApiConversation, me: Pick<ApiMe, 'id' | 'level'>): ThreadAction[] {
  const may = mayHandle(row, me);
  return [
    ...(may ? (['transfer', 'rating'] as const) : []),
    ...(mayReopen(row) ? (['reopen'] as const) : []),
    ...(row.lastSeq > 0 ? (['page', 'text'] as const) : []),
    row.blacklisted ? 'unblock' : 'block',
  ];
}

/** Who is on the black-list is served again first. */
function mayReopen(row: ApiConversation): boolean {
  return row.state === 'closed' && !row.blacklisted;
}
