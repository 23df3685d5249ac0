import type { Endpoint } from './endpoint.ts';

/** `DELETE /session`. */
export const signOut: Endpoint = {
  method: 'delete',
  path: '/session',
  access: 'agent',
  async handle(_deps, _agent, call) {
    await call.session.signOut();
    return { status: 204 };
  },
};
