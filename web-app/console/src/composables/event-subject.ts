import type { LoggedEvent } from './event-log.ts';

/** How an event strikes the eye: what came, what went, what failed, what was said. */
export type EventTone = 'came' | 'went' | 'failed' | 'said' | 'plain';

export function eventTone({ name, data }: LoggedEvent): EventTone {
  switch (name) {
    case 'connection_opened':
    case 'channel_occupied':
    case 'member_added':
      return 'came';
    case 'connection_closed':
    case 'channel_vacated':
    case 'member_removed':
      return 'went';
    case 'subscription_refused':
    case 'dropped':
      return 'failed';
    case 'api_event':
    case 'client_event':
      return 'said';
    case 'webhook_attempt':
      return isTaken(data.status ?? null) ? 'plain' : 'failed';
    case 'signed_in':
    case 'subscribed':
    case 'unsubscribed':
      return 'plain';
    default:
      return name satisfies never;
  }
}

/** What the event is about, in one line: names and ids only, so it reads the same in every language. */
export function eventSubject({ name, data }: LoggedEvent): string {
  const parts = (...texts: (string | null | undefined)[]) => texts.filter(Boolean).join(' · ');
  switch (name) {
    case 'connection_opened':
      return parts(data.socket_id, data.client);
    case 'connection_closed':
    case 'signed_in':
      return parts(data.socket_id, data.user_id);
    case 'subscribed':
    case 'unsubscribed':
    case 'subscription_refused':
      return parts(data.channel, data.user_id ?? data.socket_id);
    case 'channel_occupied':
    case 'channel_vacated':
      return parts(data.channel);
    case 'member_added':
    case 'member_removed':
      return parts(data.channel, data.user_id);
    case 'api_event':
      return parts(data.name, data.channels?.join(', '));
    case 'client_event':
      return parts(data.name, data.channel, data.user_id ?? data.socket_id);
    case 'webhook_attempt':
      return parts(String(data.status ?? data.error), data.event_names?.join(', '));
    case 'dropped':
      return String(data.count ?? '');
    default:
      return name satisfies never;
  }
}

/** 2xx. */
export function isTaken(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** JSON with line breaks where the text is JSON, else the text. */
export function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not JSON, or cut off: as it is.
    return text;
  }
}
