import { violates } from '../../db/unit-of-work.ts';
import type { Transaction, Work } from '../../db/unit-of-work.ts';
import { DomainError } from '../errors.ts';
import type { Pictures } from '../files/pictures-service.ts';
import { isId } from '../id-rules.ts';
import { requireManager } from '../level-rules.ts';
import type { Answers } from '../messages/answers-service.ts';
import type { Faq, Tab } from '../model.ts';
import type { Content, Conversations, Messages } from '../services.ts';
import { checkedPage, checkedText, MAX_TABS } from './content-rules.ts';
import { createFaqsStore } from './faqs-store.ts';
import { createGreetingsStore } from './greetings-store.ts';
import { renderPage } from './render-page.ts';
import { createTabsStore } from './tabs-store.ts';

const SEARCH_CHARACTERS = 100;
const GREETING_CHARACTERS = 2000;

interface Deps {
  work: Work;
  conversations: Pick<Conversations, 'byId'>;
  messages: Pick<Messages, 'send'>;
  answers: Answers;
  pictures: Pictures;
  transaction: Transaction<{ work: Work }>;
}

export function createContent({ work, conversations, messages, answers, pictures, transaction }: Deps): Content {
  const faqs = createFaqsStore(work);
  const tabs = createTabsStore(work);
  const greetings = createGreetingsStore(work);

  async function faq(businessId: number, id: number): Promise<Faq | null> {
    return isId(id) ? faqs.find(businessId, id) : null;
  }

  return {
    faqs: (businessId, search = '') => faqs.list(businessId, search.replaceAll('\0', '').slice(0, SEARCH_CHARACTERS)),
    faq,
    offered: async (businessId) => ({
      tabs: await tabs.titles(businessId),
      hasFaqs: await faqs.any(businessId),
    }),

    saveFaq: async (actor, id, unchecked) => {
      requireManager(actor);
      const page = checkedPage(unchecked, { title: 'A question', max: 1000 });
      const saved = {
        businessId: actor.businessId,
        question: page.title,
        answer: page.source,
        answerHtml: renderPage(page),
      };
      await pictures.keep(actor.businessId, saved.answerHtml);
      try {
        return id === null ? await faqs.insert(saved) : found(await faqs.update({ ...saved, id: idOf(id) }));
      } catch (error) {
        if (!violates(error, 'faqs_question_once')) throw error;
        throw new DomainError('conflict', 'This question is there already.', { cause: error });
      }
    },

    tabs: (businessId) => tabs.list(businessId),
    tab: async (businessId, id) => (isId(id) ? tabs.find(businessId, id) : null),

    saveTab: async (actor, id, unchecked) => {
      requireManager(actor);
      const page = checkedPage(unchecked, { title: 'A title', max: 255 });
      const { title, source } = page;
      const saved: Omit<Tab, 'id'> = {
        businessId: actor.businessId,
        title,
        content: source,
        contentHtml: renderPage(page),
      };
      await pictures.keep(actor.businessId, saved.contentHtml);
      if (id !== null) return found(await tabs.update({ ...saved, id: idOf(id) }));
      const added = await transaction((inner) => createTabsStore(inner.work).insert(saved, MAX_TABS));
      if (added === null) throw new DomainError('conflict', `A business has up to ${MAX_TABS} tabs.`);
      return added;
    },

    setGreeting: async (actor, given) => {
      const text = checkedText('A greeting', given.trim(), { min: 0, max: GREETING_CHARACTERS });
      if (text === '') await greetings.remove(actor.userId);
      else await greetings.put(actor.businessId, actor.userId, text);
    },

    ask: async (actor, conversationId, faqId) => {
      await conversations.byId(actor, conversationId);
      const asked = found(await faq(actor.businessId, faqId));
      const body = { type: 'text', content: { text: asked.question } } as const;
      await messages.send(actor, conversationId, { clientId: null, body, page: null });
      if (asked.answer.trim() !== '') await answers.post(actor.businessId, conversationId, asked.answer);
      return asked;
    },
  };
}

/** @throws DomainError `not_found` */
function found<T>(row: T | null): T {
  if (row === null) throw new DomainError('not_found', 'There is no such page.');
  return row;
}

/** What cannot be an id is nobody's. @throws DomainError `not_found` */
function idOf(id: number): number {
  if (!isId(id)) throw new DomainError('not_found', 'There is no such page.');
  return id;
}
