import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import type { FrontDoorAuth, Request } from './front-door.ts';

/**
 * Who calls: the visitor whose token the request carries, else the agent whose session it is. A token that is nobody's
 * never falls back to a session: the panel on our own origin also sends the cookie of an agent in the same browser.
 * @throws DomainError `unauthorized`
 */
export async function whoCalls(auth: FrontDoorAuth, req: Request): Promise<Actor> {
  const who = auth.visitorTokenOf(req) === null ? await auth.agentOf(req) : await auth.visitorOf(req);
  if (who === null) throw new DomainError('unauthorized', 'Sign in, or send a valid visitor token');
  return who;
}
