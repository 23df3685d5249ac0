import { isUserId } from '../protocol/channel-name.ts';
import type { RestReply } from '../transport/uws-http.ts';
import type { RestDependencies, SignedRequest } from './context.ts';
import { badRequest } from './errors.ts';
import { withEventPermits } from './permits.ts';
import { DONE } from './reply.ts';

/**
 * `POST /apps/:id/users/:user/terminate_connections`: ends the connections that are signed in as a user; with
 * `reconnect=true` in the query their clients come back at once. SPEC.md H20.
 */
export function postTerminateConnections(
  deps: RestDependencies,
  request: SignedRequest,
): RestReply | Promise<RestReply> {
  const userId = request.path[0] ?? '';
  if (!isUserId(userId)) throw badRequest('Invalid user id');
  return withEventPermits(deps, request.app, 1, () => {
    deps.cluster.terminateUser(request.app.id, userId, request.parameters.get('reconnect') === 'true');
    return DONE;
  });
}
