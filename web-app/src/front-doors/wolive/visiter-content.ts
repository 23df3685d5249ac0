import type { VisitorActor } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Business, Visitor } from '../../domain/model.ts';
import { decode } from '../decode.ts';
import type { FrontDoorDeps } from '../front-door.ts';
import { leaveMessageRow, questionRow, tabRow } from './content-rows.ts';
import type { LegacyCall, LegacyRequest } from './legacy-call.ts';
import { success } from './reply.ts';
import { businessOpenToVisiters, pageOf, speakingVisiter, type Speaker } from './speaking-visiter.ts';
import { answerRequest, leaveMessageRequest, pagesRequest } from './wire.ts';

/** `/admin/event/getquestion`: what is often asked. */
export const getQuestion: LegacyCall = {
  paths: ['/admin/event/getquestion'],
  reads: true,
  access: 'visitor',
  failureCode: 1,
  async handle({ services }, request) {
    const input = decode(pagesRequest, request.fields);
    const business = await businessOpenToVisiters(services, input.business_id);
    const faqs = await services.content.faqs(business.id);
    return success(faqs.map((faq) => questionRow(faq, business)));
  },
};

/** `/admin/event/getanswer`: one answer. For a visitor who has a conversation both are written into it. */
export const getAnswer: LegacyCall = {
  paths: ['/admin/event/getanswer'],
  reads: true,
  access: 'visitor',
  failureCode: 1,
  async handle(deps, request) {
    const { services } = deps;
    const input = decode(answerRequest, request.fields);
    const business = await businessOpenToVisiters(services, input.business_id);
    const visitor = await whoAsks(deps, request, business, input);
    if (visitor === null) {
      const faq = await services.content.faq(business.id, input.qid);
      if (faq === null) throw new DomainError('not_found', 'There is no such question');
      return success(questionRow(faq, business));
    }
    const actor: VisitorActor = { kind: 'visitor', businessId: business.id, userId: visitor.id };
    const now = await services.conversations.ofVisitor(actor);
    if (now === null) throw new DomainError('not_found', 'notice comes first');
    deps.rateLimiter.take('visitor-messages', visitor.id);
    return success(questionRow(await services.content.ask(actor, now.conversation.id, input.qid), business));
  },
};

/** `/admin/event/gettablist`: the pages beside the conversation. */
export const getTabList: LegacyCall = {
  paths: ['/admin/event/gettablist'],
  reads: true,
  access: 'visitor',
  failureCode: 1,
  async handle({ services }, request) {
    const input = decode(pagesRequest, request.fields);
    const business = await businessOpenToVisiters(services, input.business_id);
    const tabs = await services.content.tabs(business.id);
    return success(tabs.map((tab) => tabRow(tab, business)));
  },
};

/** `/admin/event/message`: for when nobody is there. */
export const leaveMessage: LegacyCall = {
  paths: ['/admin/event/message'],
  reads: false,
  access: 'visitor',
  failureCode: 1,
  async handle(deps, request) {
    const { services, rateLimiter } = deps;
    const input = decode(leaveMessageRequest, request.fields);
    const business = await businessOpenToVisiters(services, input.business_id);
    rateLimiter.take('leave-messages', request.address);
    const visitor = await whoAsks(deps, request, business, input);
    const left = await services.leaveMessages.leave(business.id, {
      userId: visitor?.id ?? null,
      name: input.name,
      phone: input.moblie || input.mobile,
      email: input.email,
      content: input.content,
      page: pageOf(input),
    });
    return success(leaveMessageRow(left, business), '留言成功');
  },
};

/** Null: the call names nobody. Who is named has to be proved as in every other call. */
async function whoAsks(
  deps: FrontDoorDeps,
  request: LegacyRequest,
  business: Business,
  speaker: Speaker,
): Promise<Visitor | null> {
  if (speaker.visiter_id === '' && speaker.channel === '') return null;
  const known = { nickname: '', avatar: '', passive: true };
  return (await speakingVisiter(deps, request, business, speaker, known)).visitor;
}
