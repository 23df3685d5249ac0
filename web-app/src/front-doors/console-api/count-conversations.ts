import { ok, type Endpoint } from './endpoint.ts';
import type { ApiCounts } from './wire.ts';

/** `GET /conversations/counts`: the numbers on the tabs. */
export const countConversations: Endpoint = {
  method: 'get',
  path: '/conversations/counts',
  access: 'agent',
  async handle({ services }, agent) {
    const { mine, queue, unread, longestWaitSince } = await services.inbox.counts(agent);
    return ok({ mine, queue, unread, longestWaitSince: longestWaitSince?.toISOString() ?? null } satisfies ApiCounts);
  },
};
