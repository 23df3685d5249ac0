import { eventsOverNodes } from './events.contract.ts';
import { fallbackOverNodes } from './fallback.contract.ts';
import type { Life } from './life.ts';
import { presenceOverNodes } from './presence.contract.ts';
import { restOverNodes } from './rest.contract.ts';
import { usersOverNodes } from './users.contract.ts';
import { webhooksOverNodes } from './webhooks.contract.ts';

/** What users notice of two nodes, which is nothing. */
export function ordinaryLife(life: Life): void {
  eventsOverNodes(life);
  presenceOverNodes(life);
  usersOverNodes(life);
  restOverNodes(life);
  webhooksOverNodes(life);
  fallbackOverNodes(life);
}
