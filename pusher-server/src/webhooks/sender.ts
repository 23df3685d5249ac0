import { randomUUID } from 'node:crypto';
import type { App, Webhook } from '../apps/app.ts';
import type { Delivery, WebhookAttempt } from '../cluster/cluster.ts';
import { webhookSignature } from '../protocol/signature.ts';
import { failureText, shownUrl } from './attempt.ts';
import type { WebhookEvent } from './dialect.ts';

/** Times in milliseconds. */
export interface RetryPolicy {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** How long after the first attempt no further one is begun. */
  readonly giveUpAfterMs: number;
  readonly attemptTimeoutMs: number;
}

export const RETRY_POLICY: RetryPolicy = {
  firstDelayMs: 500,
  maxDelayMs: 30_000,
  giveUpAfterMs: 300_000,
  attemptTimeoutMs: 10_000,
};

/** What a destination has to report. */
export interface SendingCounts {
  attempts: number;
  failures: number;
  delivered: number;
  dropped: number;
}

/** A count of nothing. */
export function noCounts(): SendingCounts {
  return { attempts: 0, failures: 0, delivered: 0, dropped: 0 };
}

/** Puts events into a signed request. Pusher protocol, "Webhooks"; SPEC.md W1. */
export function prepareDelivery(
  app: App,
  webhook: Webhook,
  destination: string,
  events: readonly WebhookEvent[],
  nowMs: number,
): Delivery {
  const body = JSON.stringify({ time_ms: nowMs, events });
  const [{ key, secret }] = app.credentials;
  const id = randomUUID();
  return {
    id,
    appId: app.id,
    destination,
    url: webhook.url,
    eventCount: events.length,
    eventNames: [...new Set(events.map((event) => String(event['name'])))],
    headers: {
      ...webhook.headers,
      // Exactly this: client libraries compare the whole value.
      'Content-Type': 'application/json',
      'X-Pusher-Key': key,
      'X-Pusher-Signature': webhookSignature(secret, body),
      'X-Delivery-Id': id,
    },
    body,
  };
}

/** How sending ended. `stopped`: before it was decided; `passed`: another node sends this now. */
export type SendingEnd = 'taken' | 'given-up' | 'stopped' | 'passed';

/** What sending needs to know beside the delivery. `isHeld` as in `FactReceipt`, asked before every repetition. */
export interface SendingContext {
  readonly policy: RetryPolicy;
  readonly counts: SendingCounts;
  readonly stop: AbortSignal;
  readonly isHeld: () => boolean | Promise<boolean>;
  readonly attempted: (attempt: WebhookAttempt) => void;
}

/** Posts until the receiver answers 2xx, and tells of every attempt. Never throws. */
export async function deliver(delivery: Delivery, context: SendingContext): Promise<SendingEnd> {
  const { policy, counts, stop, isHeld, attempted } = context;
  const giveUpAt = performance.now() + policy.giveUpAfterMs;
  for (let delay = policy.firstDelayMs, number = 1; ; number += 1, delay = Math.min(delay * 2, policy.maxDelayMs)) {
    counts.attempts += 1;
    const made = await attempt(delivery, number, policy.attemptTimeoutMs, stop);
    attempted(made);
    if (made.outcome.kind === 'answered' && isTaken(made.outcome.status)) return 'taken';
    counts.failures += 1;
    if (stop.aborted) return 'stopped';
    if (performance.now() + delay > giveUpAt) return 'given-up';
    await pause(delay, stop);
    const held = isHeld();
    if (held !== true && !(await unlessStopped(held, stop))) return stop.aborted ? 'stopped' : 'passed';
    if (stop.aborted) return 'stopped';
  }
}

/** What a promise says, or `false` as soon as the server stops. */
export function unlessStopped(promise: boolean | Promise<boolean>, stop: AbortSignal): Promise<boolean> {
  if (stop.aborted) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    const stopped = () => resolve(false);
    stop.addEventListener('abort', stopped);
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => stop.removeEventListener('abort', stopped));
  });
}

/** One request, and what came of it. */
async function attempt(
  delivery: Delivery,
  number: number,
  timeoutMs: number,
  stop: AbortSignal,
): Promise<WebhookAttempt> {
  const time = Date.now();
  const begun = performance.now();
  const outcome = await post(delivery, timeoutMs, stop);
  const { id: deliveryId, url, eventCount, eventNames } = delivery;
  const durationMs = Math.round(performance.now() - begun);
  return { time, url: shownUrl(url), deliveryId, attempt: number, durationMs, outcome, eventCount, eventNames };
}

async function post(delivery: Delivery, timeoutMs: number, stop: AbortSignal): Promise<WebhookAttempt['outcome']> {
  // `AbortSignal.any` would leave a reference at `stop` for every request, as long as the server runs.
  const request = new AbortController();
  const stopped = () => request.abort(stop.reason);
  stop.addEventListener('abort', stopped);
  const late = setTimeout(() => request.abort(new DOMException('no answer', 'TimeoutError')), timeoutMs);
  try {
    stop.throwIfAborted();
    const response = await fetch(delivery.url, {
      method: 'POST',
      headers: delivery.headers,
      body: delivery.body,
      redirect: 'manual',
      signal: request.signal,
    });
    // What is not read would keep the connection from being used again.
    await response.arrayBuffer();
    return { kind: 'answered', status: response.status };
  } catch (error) {
    return { kind: 'failed', error: failureText(error) };
  } finally {
    clearTimeout(late);
    stop.removeEventListener('abort', stopped);
  }
}

/** A receiver that answers anything but 2xx has not taken the events. */
function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    stop.addEventListener('abort', done);
  });
}
