import { ok, type Endpoint } from './endpoint.ts';
import { me } from './sign-in.ts';

/** `GET /me`. */
export const getMe: Endpoint = {
  method: 'get',
  path: '/me',
  access: 'agent',
  async handle(deps, agent, call) {
    return ok(await me(deps, agent, call.session.csrfToken()));
  },
};
