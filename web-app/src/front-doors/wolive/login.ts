import { DomainError } from '../../domain/errors.ts';
import { decode } from '../decode.ts';
import type { FrontDoorDeps } from '../front-door.ts';
import type { LegacyRequest } from './legacy-call.ts';
import { success, type Reply } from './reply.ts';
import { serviceRow } from './rows.ts';
import { businessOf } from './service-chat.ts';
import { loginRequest } from './wire.ts';

/** `POST /admin/login`: begins an agent's session and answers the own service row. */
export async function login(deps: FrontDoorDeps, request: LegacyRequest): Promise<Reply> {
  const { user_name, password } = decode(loginRequest, request.fields);
  const actor = await deps.auth.signInWithPassword(user_name, password, request.address);
  await request.session.signIn(actor);
  const agent = await deps.services.agents.byId(actor.businessId, actor.userId);
  if (agent === null) throw new DomainError('unauthorized', 'This account is no longer there');
  return success(serviceRow(agent, await businessOf(deps.services, actor)));
}
