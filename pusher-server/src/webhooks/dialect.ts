import type { Webhook, WebhookEventType } from '../apps/app.ts';
import type { Fact } from '../cluster/cluster.ts';

/** One entry of a webhook's `events`, ready to be encoded. */
export type WebhookEvent = Readonly<Record<string, string | number>>;

/** WoLive's realtime server had names of its own for four facts and none for the others. */
const WOLIVE_NAMES: Readonly<Partial<Record<WebhookEventType, string>>> = {
  channel_occupied: 'channel_added',
  channel_vacated: 'channel_removed',
  member_added: 'user_added',
  member_removed: 'user_removed',
};

/** A fact in the words of a dialect. Pusher protocol, "Webhooks"; SPEC.md W2–W3. */
export function webhookEvent(fact: Fact, dialect: Webhook['dialect']): WebhookEvent {
  const name = (dialect === 'wolive' ? WOLIVE_NAMES[fact.kind] : undefined) ?? fact.kind;
  return { name, channel: fact.channel, ...detailsOf(fact) };
}

function detailsOf(fact: Fact): WebhookEvent {
  switch (fact.kind) {
    case 'channel_occupied':
    case 'channel_vacated':
    case 'cache_miss':
      return {};
    case 'member_added':
    case 'member_removed':
      return { user_id: fact.userId };
    case 'subscription_count':
      return { subscription_count: fact.count };
    case 'client_event':
      return {
        event: fact.event,
        ...(fact.data === null ? {} : { data: fact.data }),
        socket_id: fact.socketId,
        ...(fact.userId === null ? {} : { user_id: fact.userId }),
      };
  }
}

/** Whether a webhook asks for this fact. */
export function isWanted(webhook: Webhook, fact: Fact): boolean {
  const { channel_name_starts_with: prefix, channel_name_ends_with: suffix } = webhook.filter;
  return webhook.event_types.includes(fact.kind) && fact.channel.startsWith(prefix) && fact.channel.endsWith(suffix);
}
