import { createHash } from 'node:crypto';
import type { RestReply } from '../transport/uws-http.ts';
import type { RestDependencies } from './context.ts';
import { badRequest, RestError } from './errors.ts';

/** Long enough for every kind of id, short enough to be kept by the thousand. */
const MAX_KEY_LENGTH = 200;

/** The `idempotency_key` of a request, `null` when it has none. Throws 400 on one that cannot be used. */
export function idempotencyKey(fields: Readonly<Record<string, unknown>>): string | null {
  const key = fields['idempotency_key'] ?? null;
  if (key === null) return null;
  if (typeof key !== 'string' || key === '' || key.length > MAX_KEY_LENGTH) {
    throw badRequest(`Invalid idempotency_key: it is a string of 1 to ${String(MAX_KEY_LENGTH)} characters`);
  }
  return key;
}

/**
 * Does what a request asks for, unless the app has already done so under the same key: then the first answer is given
 * again. `request` is what was decoded, so that two requests are the same when they ask for the same. SPEC.md H40–H42.
 */
export function once(
  deps: Pick<RestDependencies, 'cluster'>,
  appId: string,
  key: string | null,
  request: unknown,
  perform: () => RestReply | Promise<RestReply>,
): RestReply | Promise<RestReply> {
  return key === null ? perform() : claimed(deps, appId, key, request, perform);
}

async function claimed(
  deps: Pick<RestDependencies, 'cluster'>,
  appId: string,
  key: string,
  request: unknown,
  perform: () => RestReply | Promise<RestReply>,
): Promise<RestReply> {
  const digest = createHash('sha256').update(JSON.stringify(request)).digest('base64');
  const claim = await deps.cluster.claimKey(appId, key, digest);
  switch (claim.kind) {
    case 'first':
      return settled(deps, appId, key, perform);
    case 'answered':
      return { status: 200, body: claim.answer };
    case 'other-request':
      throw new RestError(422, 'This idempotency_key was used for another request');
    case 'pending':
      throw new RestError(409, 'The first request with this idempotency_key has not been answered yet', 1);
    case 'full':
      throw new RestError(429, 'The app has used too many idempotency keys lately', 1);
  }
}

/** What is refused was published to nobody, so its key can be used again. Any other failure leaves it taken. */
async function settled(
  deps: Pick<RestDependencies, 'cluster'>,
  appId: string,
  key: string,
  perform: () => RestReply | Promise<RestReply>,
): Promise<RestReply> {
  try {
    const reply = await perform();
    deps.cluster.settleKey(appId, key, reply.body);
    return reply;
  } catch (error) {
    if (error instanceof RestError) deps.cluster.releaseKey(appId, key);
    throw error;
  }
}
