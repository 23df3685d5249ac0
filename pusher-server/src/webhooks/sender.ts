import { randomUUID } from 'node:crypto';
import type { App, Webhook } from '../apps/app.ts';
import { webhookSignature } from '../protocol/signature.ts';
import type { WebhookEvent } from './dialect.ts';

/** One request to a receiver; its bytes, its signature and its id stay the same over all attempts. */
export interface Delivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

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

/** Puts events into a signed request. Pusher protocol, "Webhooks"; SPEC.md W1. */
export function prepareDelivery(app: App, webhook: Webhook, events: readonly WebhookEvent[], nowMs: number): Delivery {
  const body = JSON.stringify({ time_ms: nowMs, events });
  const [{ key, secret }] = app.credentials;
  return {
    url: webhook.url,
    headers: {
      ...webhook.headers,
      // Exactly this: client libraries compare the whole value.
      'Content-Type': 'application/json',
      'X-Pusher-Key': key,
      'X-Pusher-Signature': webhookSignature(secret, body),
      'X-Delivery-Id': randomUUID(),
    },
    body,
  };
}

/** Posts until the receiver answers 2xx; `false` when it was given up. Never throws. */
export async function deliver(
  delivery: Delivery,
  policy: RetryPolicy,
  counts: SendingCounts,
  stop: AbortSignal,
): Promise<boolean> {
  const giveUpAt = performance.now() + policy.giveUpAfterMs;
  for (let delay = policy.firstDelayMs; ; delay = Math.min(delay * 2, policy.maxDelayMs)) {
    counts.attempts += 1;
    if (await attempt(delivery, policy.attemptTimeoutMs, stop)) return true;
    counts.failures += 1;
    if (stop.aborted || performance.now() + delay > giveUpAt) return false;
    await pause(delay, stop);
    if (stop.aborted) return false;
  }
}

/** A receiver that cannot be reached, is too slow or answers anything but 2xx has not taken the events. */
async function attempt(delivery: Delivery, timeoutMs: number, stop: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(delivery.url, {
      method: 'POST',
      headers: delivery.headers,
      body: delivery.body,
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
    });
    // What is not read would keep the connection from being used again.
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
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
