import { decode } from '../decode.ts';
import { ok, type Endpoint } from './endpoint.ts';
import { me } from './sign-in.ts';
import { statusRequest } from './wire.ts';

/** `PUT /me/status`: the agent's own choice. */
export const setStatus: Endpoint = {
  method: 'put',
  path: '/me/status',
  access: 'agent',
  async handle(deps, agent, call) {
    await deps.services.agents.setStatus(agent, decode(statusRequest, call.body).status);
    return ok(await me(deps, agent, call.session.csrfToken()));
  },
};
