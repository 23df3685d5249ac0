import type { WebhookAttempt } from '../cluster/cluster.ts';
import type { WireAttempt } from '../feed/feed-event.ts';

/** A receiver's address as it may be shown: user, password and query can hold secrets. */
export function shownUrl(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

/** Why no answer came, in a few words: the system's code where there is one. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError') return 'no answer in time';
  if (error.name === 'AbortError') return 'given up, the server stops';
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  return error.name;
}

/** An attempt in the words of REST and of the stream. */
export function wireAttempt(attempt: WebhookAttempt): WireAttempt {
  const { outcome } = attempt;
  return {
    time: new Date(attempt.time).toISOString(),
    url: attempt.url,
    delivery_id: attempt.deliveryId,
    attempt: attempt.attempt,
    duration_ms: attempt.durationMs,
    status: outcome.kind === 'answered' ? outcome.status : null,
    error: outcome.kind === 'failed' ? outcome.error : null,
    event_count: attempt.eventCount,
    event_names: attempt.eventNames,
  };
}
