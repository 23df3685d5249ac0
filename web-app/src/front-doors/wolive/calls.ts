import type { Actor, VisitorActor } from '../../domain/actor.ts';
import type { Business, CallKind } from '../../domain/model.ts';
import { DomainError } from '../../domain/errors.ts';
import { decode } from '../decode.ts';
import type { FrontDoorDeps } from '../front-door.ts';
import type { LegacyCall, LegacyRequest } from './legacy-call.ts';
import { inWords, success, type Reply } from './reply.ts';
import { conversationNamed } from './service-chat.ts';
import { businessOpenToVisiters, speakingVisiter, type Speaker } from './speaking-visiter.ts';
import { serviceApplyRequest, serviceRefuseRequest, visiterApplyRequest, visiterRefuseRequest } from './wire.ts';

/** `/admin/event/apply`: a visitor calls their agent. */
export const visiterApply: LegacyCall = {
  paths: ['/admin/event/apply'],
  reads: false,
  access: 'visitor',
  failureCode: 1,
  async handle(deps, request) {
    const input = decode(visiterApplyRequest, request.fields);
    const actor = await visiterNamedBy(deps, request, input);
    const now = await deps.services.conversations.ofVisitor(actor);
    if (now === null) throw new DomainError('not_found', 'notice comes first');
    if (input.service_id !== 0 && input.service_id !== now.conversation.agentId) {
      throw new DomainError('not_found', 'This visitor has another agent');
    }
    return offered(deps, actor, now.conversation.id, input.kind);
  },
};

/** `/admin/event/refuse`: a visitor does not answer, or hangs up. */
export const visiterRefuse: LegacyCall = {
  paths: ['/admin/event/refuse'],
  reads: false,
  access: 'visitor',
  failureCode: 1,
  async handle(deps, request) {
    const input = decode(visiterRefuseRequest, request.fields);
    return ended(deps, await visiterNamedBy(deps, request, input), input.room);
  },
};

/** `/admin/set/apply`: an agent calls a visitor of theirs. */
export const serviceApply: LegacyCall = {
  paths: ['/admin/set/apply'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle(deps, agent, request) {
    const input = decode(serviceApplyRequest, request.fields);
    const { conversation } = await conversationNamed(deps.services, agent, input);
    return offered(deps, agent, conversation.id, input.kind);
  },
};

/** `/admin/set/refuse`: an agent does not answer, or hangs up. */
export const serviceRefuse: LegacyCall = {
  paths: ['/admin/set/refuse'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  handle: (deps, agent, request) => ended(deps, agent, decode(serviceRefuseRequest, request.fields).room),
};

/** The visitor who speaks, under the same proof as for a message. */
async function visiterNamedBy(deps: FrontDoorDeps, request: LegacyRequest, speaker: Speaker): Promise<VisitorActor> {
  const business: Business = await businessOpenToVisiters(deps.services, speaker.business_id);
  const known = { nickname: '', avatar: '', passive: true };
  const { visitor } = await speakingVisiter(deps, request, business, speaker, known);
  return { kind: 'visitor', businessId: business.id, userId: visitor.id };
}

async function offered(
  { services, rateLimiter }: FrontDoorDeps,
  actor: Actor,
  conversationId: number,
  kind: CallKind,
): Promise<Reply> {
  rateLimiter.take('calls', actor.userId);
  const words = { forbidden: '未开启语音或视频通话', conflict: '客服不在线，无法通话' };
  const { room } = await inWords(words, () => services.calls.offer(actor, conversationId, kind));
  return success({ room }, 'success');
}

async function ended({ services }: FrontDoorDeps, actor: Actor, room: string): Promise<Reply> {
  await inWords({ not_found: '没有这个通话' }, () => services.calls.end(actor, room));
  return { code: 0, msg: 'success' };
}
