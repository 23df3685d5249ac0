import type { ConnectionPage, ListedConnection } from '../connection/connection-list.ts';
import type { RestReply } from '../transport/uws-http.ts';
import type { RestDependencies, SignedRequest } from './context.ts';
import { limitOf, wholeNumber } from './paging.ts';
import { ok } from './reply.ts';

const MOST = 100;
const USUAL = 50;

/** `GET /apps/:id/connections`: the app's connections on this node, the newest first, in pages. SPEC.md H33. */
export function getConnections(deps: RestDependencies, request: SignedRequest): RestReply {
  const page = deps.listConnections(
    request.app.id,
    wholeNumber(request, 'before') ?? Infinity,
    limitOf(request, MOST, USUAL),
  );
  return ok({ node: deps.cluster.nodeId, ...wirePage(page) });
}

function wirePage({ connections, total, next }: ConnectionPage) {
  return { connections: connections.map(wireConnection), total, next };
}

function wireConnection({ connection, channels, channelCount }: ListedConnection) {
  return {
    socket_id: connection.socketId,
    user_id: connection.user?.id ?? null,
    connected_at: new Date(connection.connectedAt).toISOString(),
    client: connection.client,
    origin: connection.origin,
    channels,
    channel_count: channelCount,
  };
}
