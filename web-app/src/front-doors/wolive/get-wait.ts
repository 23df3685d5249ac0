import { listedVisiter, wholeInbox } from './inbox-rows.ts';
import type { LegacyCall } from './legacy-call.ts';
import { businessOf } from './service-chat.ts';

/** `/admin/set/getwait`: who waits, the longest first. */
export const getWait: LegacyCall = {
  paths: ['/admin/set/getwait'],
  reads: true,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent) {
    const business = await businessOf(services, agent);
    const rows = await wholeInbox(services, agent, 'queue');
    return { code: 0, msg: '', data: rows.map((row) => listedVisiter(row, business)), num: rows.length };
  },
};
