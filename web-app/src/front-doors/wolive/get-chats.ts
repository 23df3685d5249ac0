import { listedVisiter, listOrder, sortedForList, wholeInbox } from './inbox-rows.ts';
import type { LegacyCall } from './legacy-call.ts';
import { businessOf } from './service-chat.ts';

/** `/admin/set/getchats`: the agent's own claimed conversations. */
export const getChats: LegacyCall = {
  paths: ['/admin/set/getchats'],
  reads: true,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent) {
    const business = await businessOf(services, agent);
    const rows = sortedForList(await wholeInbox(services, agent, 'mine'));
    const all_unread_count = rows.reduce((sum, row) => sum + row.unread, 0);
    const data = rows.map((row) => ({ ...listedVisiter(row, business), order: listOrder(row) }));
    return { code: 0, msg: '', data, all_unread_count };
  },
};
