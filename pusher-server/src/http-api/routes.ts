import type { App } from '../apps/app.ts';
import { readUsage } from '../metrics/usage.ts';
import type { RestHandler, RestReply, RestRequest, RestRoutes } from '../transport/uws-http.ts';
import { authenticate } from './authenticate.ts';
import { getChannel, getChannels, getUsers } from './channels.ts';
import { getConnections } from './connections.ts';
import type { Operation, RestDependencies, SignedRequest } from './context.ts';
import { getDeliveries } from './deliveries.ts';
import { RestError } from './errors.ts';
import { reading } from './permits.ts';
import { NOT_FOUND, ok, refusal } from './reply.ts';
import { logged } from './request-log.ts';
import { readSignedQuery } from './signed-query.ts';
import { getStream } from './stream.ts';
import { postTerminateConnections } from './users.ts';
import { postBatchEvents, postChannelEvent, postEvents } from './trigger.ts';

/** Whether the server wants more work: only when it is `ready`. What `GET /ready` answers. */
export type Readiness = 'starting' | 'ready' | 'stopping';

/** What the probes ask. */
export interface Probed {
  readonly readiness: () => Readiness;
}

/** Adds the whole REST API, below a path prefix where there is one, and the probes. */
export function addRoutes(routes: RestRoutes, deps: RestDependencies & Probed, pathPrefix: string): void {
  const app = `${pathPrefix}/apps/:app`;
  routes.post(`${app}/events`, signed(deps, postEvents));
  routes.post(`${app}/batch_events`, signed(deps, postBatchEvents));
  routes.post(`${app}/channels/:channel/events`, signed(deps, postChannelEvent));
  routes.post(`${app}/users/:user/terminate_connections`, signed(deps, postTerminateConnections));
  routes.get(`${app}/channels`, signed(deps, reading(getChannels)));
  routes.get(`${app}/channels/:channel`, signed(deps, reading(getChannel)));
  routes.get(`${app}/channels/:channel/users`, signed(deps, reading(getUsers)));
  routes.get(`${app}/connections`, signed(deps, reading(getConnections)));
  routes.get(`${app}/webhooks/deliveries`, signed(deps, reading(getDeliveries)));
  routes.get(`${app}/stream`, signed(deps, reading(getStream)));
  routes.get('/health', () => ({ status: 200, body: '{"status":"ok"}' }));
  routes.get('/ready', () => {
    const status = deps.readiness();
    return { status: status === 'ready' ? 200 : 503, body: JSON.stringify({ status }) };
  });
  routes.get('/usage', () => ok(readUsage()));
  routes.otherwise(NOT_FOUND);
}

/** Finds the app, checks the signature and turns every refusal into its answer. */
function signed(deps: RestDependencies, operation: Operation): RestHandler {
  return logged(deps.log, (request) => {
    const found = deps.apps.byId(decodeSegment(request.parameters[0] ?? ''));
    if (!(found instanceof Promise)) return answer(deps, operation, found, request);
    const kept = { ...request, body: Buffer.from(request.body) };
    return found.then(
      (app) => answer(deps, operation, app, kept),
      () => refusal(new RestError(503, 'The app cannot be looked up now', 1)),
    );
  });
}

function answer(
  deps: RestDependencies,
  operation: Operation,
  app: App | null,
  request: RestRequest,
): RestReply | Promise<RestReply> {
  if (app === null) return refusal(new RestError(404, 'There is no app with this id'));
  const { traffic } = deps.channels.of(app.id);
  traffic.httpCalls += 1;
  traffic.httpBytesReceived += request.body.length;
  const counted = (reply: RestReply): RestReply => {
    traffic.httpBytesSent += Buffer.byteLength(reply.body);
    return reply;
  };
  try {
    const reply = operation(deps, verified(app, request));
    return reply instanceof Promise ? reply.catch(refusal).then(counted) : counted(reply);
  } catch (error) {
    return counted(refusal(error));
  }
}

/** The request when it is signed by this app and the app is switched on. */
function verified(app: App, request: RestRequest): SignedRequest {
  const query = readSignedQuery(request.query);
  authenticate(app, request, query, Date.now());
  if (!app.settings.enabled) throw new RestError(403, 'The app is disabled');
  const [, ...path] = request.parameters;
  return {
    app,
    parameters: query.parameters,
    path: path.map(decodeSegment),
    body: request.body,
    receivedAt: request.receivedAt,
  };
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
