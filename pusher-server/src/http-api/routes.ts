import type { App } from '../apps/app.ts';
import { readUsage } from '../metrics/usage.ts';
import type { RestHandler, RestReply, RestRequest, RestRoutes } from '../transport/uws-http.ts';
import { authenticate } from './authenticate.ts';
import { getChannel, getChannels, getUsers } from './channels.ts';
import { getConnections } from './connections.ts';
import type { RestDependencies, SignedRequest } from './context.ts';
import { getDeliveries } from './deliveries.ts';
import { RestError } from './errors.ts';
import { parseQuery } from './query.ts';
import { NOT_FOUND, ok, refusal } from './reply.ts';
import { getStream } from './stream.ts';
import { postTerminateConnections } from './users.ts';
import { postBatchEvents, postChannelEvent, postEvents } from './trigger.ts';

type Operation = (deps: RestDependencies, request: SignedRequest) => RestReply | Promise<RestReply>;

/** Whether the server wants more work; the answer to `GET /ready`. */
export interface Readiness {
  readonly isReady: () => boolean;
}

/** Adds the whole REST API, below a path prefix where there is one, and the probes. */
export function addRoutes(routes: RestRoutes, deps: RestDependencies & Readiness, pathPrefix: string): void {
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
  routes.get('/ready', () =>
    deps.isReady() ? { status: 200, body: '{"status":"ready"}' } : { status: 503, body: '{"status":"stopping"}' },
  );
  routes.get('/usage', () => ok(readUsage()));
  routes.otherwise(NOT_FOUND);
}

/** Finds the app, checks the signature and turns every refusal into its answer. */
function signed(deps: RestDependencies, operation: Operation): RestHandler {
  return (request) => {
    const found = deps.apps.byId(decodeSegment(request.parameters[0] ?? ''));
    if (!(found instanceof Promise)) return answer(deps, operation, found, request);
    const kept = { ...request, body: Buffer.from(request.body) };
    return found.then(
      (app) => answer(deps, operation, app, kept),
      () => refusal(new RestError(503, 'The app cannot be looked up now', 1)),
    );
  };
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
  const parameters = parseQuery(request.query);
  authenticate(app, request, parameters, Date.now());
  if (!app.settings.enabled) throw new RestError(403, 'The app is disabled');
  const [, ...path] = request.parameters;
  return { app, parameters, path: path.map(decodeSegment), body: request.body, receivedAt: request.receivedAt };
}

/** Reads are limited by a rate of their own. */
function reading(operation: Operation): Operation {
  return (deps, request) => {
    const { id, maxReadRequestsPerSecond } = request.app;
    if (maxReadRequestsPerSecond === Infinity) return operation(deps, request);
    const taken = deps.cluster.takePermits(id, 'read-requests', 1, maxReadRequestsPerSecond);
    const proceed = (granted: boolean) => {
      if (!granted) throw new RestError(429, 'The app is over its rate of read requests a second', 1);
      return operation(deps, request);
    };
    return taken instanceof Promise ? taken.then(proceed) : proceed(taken);
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
