import type { App } from '../apps/app.ts';
import type { RestReply } from '../transport/uws-http.ts';
import type { Operation, RestDependencies } from './context.ts';
import { RestError } from './errors.ts';

/** Publishes only what the app's rate and the other nodes allow: an event that is refused is delivered to nobody. */
export function withEventPermits(
  deps: RestDependencies,
  app: App,
  count: number,
  publish: () => RestReply | Promise<RestReply>,
): RestReply | Promise<RestReply> {
  if (!deps.cluster.canRelay()) throw new RestError(503, 'The other nodes cannot be reached', 1);
  if (app.maxBackendEventsPerSecond === Infinity) return publish();
  const taken = deps.cluster.takePermits(app.id, 'backend-events', count, app.maxBackendEventsPerSecond);
  const proceed = (granted: boolean) => {
    if (!granted) throw new RestError(429, 'The app is over its rate of events a second', 1);
    return publish();
  };
  return taken instanceof Promise ? taken.then(proceed) : proceed(taken);
}

/** Reads are limited by a rate of their own. */
export function reading(operation: Operation): Operation {
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
