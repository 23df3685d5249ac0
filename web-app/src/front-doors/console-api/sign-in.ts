import type { AgentActor } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import { decode } from '../decode.ts';
import type { FrontDoorDeps } from '../front-door.ts';
import { ok, type Endpoint } from './endpoint.ts';
import { apiMe } from './presenter.ts';
import { signInRequest, type ApiMe } from './wire.ts';

/** `POST /session`: an agent signs in; answers who they are. */
export const signIn: Endpoint = {
  method: 'post',
  path: '/session',
  access: 'own-pages',
  async handle(deps, call) {
    const { userName, password } = decode(signInRequest, call.body);
    const agent = await deps.auth.signInWithPassword(userName, password, call.address);
    return ok(await me(deps, agent, await call.session.signIn(agent)));
  },
};

/** The signed-in agent as the console sees them. */
export async function me(deps: FrontDoorDeps, actor: AgentActor, csrfToken: string): Promise<ApiMe> {
  const agent = await deps.services.agents.byId(actor.businessId, actor.userId);
  const business = await deps.services.businesses.byId(actor.businessId);
  if (agent === null || business === null) throw new DomainError('unauthorized', 'This account is no longer there');
  return apiMe(deps, agent, business, csrfToken);
}
