import { DomainError } from '../../domain/errors.ts';
import type { Call, FrontDoorDeps } from '../front-door.ts';
import type { Answer, Endpoint } from './endpoint.ts';

/** An endpoint that only super managers may call: the others get 403, whatever they ask for. */
export function forSuperManagers(
  method: Endpoint['method'],
  path: string,
  handle: (deps: FrontDoorDeps, call: Call) => Promise<Answer>,
): Endpoint {
  return {
    method,
    path,
    access: 'agent',
    async handle(deps, agent, call) {
      if (agent.level !== 'super_manager') throw new DomainError('forbidden', 'This is for super managers');
      return handle(deps, call);
    },
  };
}
