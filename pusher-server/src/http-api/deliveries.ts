import { wireAttempt } from '../webhooks/attempt.ts';
import type { RestReply } from '../transport/uws-http.ts';
import type { RestDependencies, SignedRequest } from './context.ts';
import { limitOf } from './paging.ts';
import { ok } from './reply.ts';

const MOST = 1_000;

/** `GET /apps/:id/webhooks/deliveries`: the last webhook attempts, the newest first. SPEC.md H30. */
export async function getDeliveries(deps: RestDependencies, request: SignedRequest): Promise<RestReply> {
  const attempts = await deps.cluster.attempts(request.app.id, limitOf(request, MOST, MOST));
  return ok({ deliveries: attempts.map(wireAttempt) });
}
