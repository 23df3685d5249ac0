import { DomainError } from '../../domain/errors.ts';
import type { Faq } from '../../domain/model.ts';
import { decode } from '../decode.ts';
import { businessShownTo } from './business-shown-to.ts';
import { conversationIdOf, idIn, ok, type Endpoint } from './endpoint.ts';
import { businessQuery, faqsQuery, type ApiFaq, type ApiFaqAnswer } from './wire.ts';

/** `GET /faqs?business_id=&q=`. */
export const listFaqs: Endpoint = {
  method: 'get',
  path: '/faqs',
  access: 'public',
  async handle(deps, call) {
    const { business_id: slug, q } = decode(faqsQuery, call.query);
    deps.rateLimiter.take('searches', call.address);
    const business = await businessShownTo(deps, call, slug);
    const faqs = await deps.services.content.faqs(business.id, q.trim());
    return ok({ items: faqs.map(({ id, question }): ApiFaq => ({ id, question })) });
  },
};

/** `GET /faqs/:id?business_id=`. */
export const getFaq: Endpoint = {
  method: 'get',
  path: '/faqs/:id',
  access: 'public',
  async handle(deps, call) {
    const business = await businessShownTo(deps, call, decode(businessQuery, call.query).business_id);
    const faq = await deps.services.content.faq(business.id, idIn(call, 'id'));
    if (faq === null) throw new DomainError('not_found', 'There is no such question');
    return ok(apiFaqAnswer(faq));
  },
};

/** `POST /conversations/:id/faqs/:faqId`: 201; the question and its answer are messages from then on. */
export const askFaq: Endpoint = {
  method: 'post',
  path: '/conversations/:id/faqs/:faqId',
  access: 'either',
  async handle({ services, rateLimiter }, who, call) {
    if (who.kind === 'agent') throw new DomainError('forbidden', 'This call is for visitors');
    rateLimiter.take('visitor-messages', who.userId);
    const faq = await services.content.ask(who, conversationIdOf(call), idIn(call, 'faqId'));
    return { status: 201, body: apiFaqAnswer(faq) };
  },
};

function apiFaqAnswer({ id, question, answerHtml }: Faq): ApiFaqAnswer {
  return { id, question, answerHtml };
}
