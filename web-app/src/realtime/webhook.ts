import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { Services } from '../domain/services.ts';
import { holderOf, type HolderServices } from './presence-channels.ts';

export interface WebhookDeps {
  services: HolderServices & { presence: Pick<Services['presence'], 'held' | 'left'> };
  key: string;
  secret: string;
  /** From the moment a webhook says that a channel was left, how long until that may be told. */
  graceAfterWebhookMs: number;
  now(): number;
}

export type WebhookOutcome = 'ok' | 'bad_signature' | 'malformed';

/** How long somebody may be away before anybody is told, counted from the disconnect (spec wolive, Online and offline). */
export const OFFLINE_GRACE_MS = 8000;

/** The webhook comes this much after the disconnect, so that much of the grace is over. */
export function graceAfterWebhook(webhookDelayMs: number): number {
  return Math.max(0, OFFLINE_GRACE_MS - webhookDelayMs);
}

/** The names of both dialects (pusher.md, 3 and 3.1). Other events may stand beside these; they say nothing of presence. */
const HELD = new Set(['channel_occupied', 'channel_added']);
const LEFT = new Set(['channel_vacated', 'channel_removed']);

const MAX_EVENTS = 10_000;

const webhookBody = z.object({
  time_ms: z.number().optional(),
  events: z.array(z.looseObject({ name: z.string(), channel: z.string().max(200).optional() })).max(MAX_EVENTS),
});

/**
 * Takes what the realtime server tells of its channels: signed over the exact bytes with our app's secret.
 * Rejects when the database fails, so that the sender tries again.
 */
export async function receiveWebhook(
  deps: WebhookDeps,
  rawBody: Buffer,
  headers: IncomingHttpHeaders,
): Promise<WebhookOutcome> {
  // The WoLive document's receiver looks at the signature alone; the key only tells early that it is another app's.
  const key = headers['x-pusher-key'];
  if (key !== undefined && key !== deps.key) return 'bad_signature';
  if (!isSignedBy(deps.secret, rawBody, headers['x-pusher-signature'])) return 'bad_signature';
  const body = webhookBody.safeParse(jsonOf(rawBody));
  if (!body.success) return 'malformed';
  const leftAt = new Date(deps.now() + deps.graceAfterWebhookMs);
  // In the order of the events: a channel that was left and taken again is held.
  for (const { name, channel } of body.data.events) {
    if (channel === undefined) continue;
    const isHeld = HELD.has(name);
    if (!isHeld && !LEFT.has(name)) continue;
    const userId = await holderOf(deps.services, channel);
    if (userId === null) continue;
    if (isHeld) await deps.services.presence.held(userId);
    else await deps.services.presence.left(userId, leftAt);
  }
  return 'ok';
}

function isSignedBy(secret: string, rawBody: Buffer, given: string | string[] | undefined): boolean {
  if (typeof given !== 'string') return false;
  const expected = Buffer.from(createHmac('sha256', secret).update(rawBody).digest('hex'));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function jsonOf(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
