import type { Business, Faq, LeaveMessage, Tab } from '../../domain/model.ts';
import { mysqlTime } from './rows.ts';

/** `wolive_question`. */
export function questionRow(faq: Faq, business: Business) {
  return {
    qid: faq.id,
    business_id: business.slug,
    question: faq.question,
    answer: faq.answer,
    answer_read: faq.answerHtml,
  };
}

/** `wolive_tablist`. */
export function tabRow(tab: Tab, business: Business) {
  return {
    tid: tab.id,
    title: tab.title,
    content: tab.content,
    content_read: tab.contentHtml,
    business_id: business.slug,
  };
}

/** `wolive_message`; the document writes `moblie`. */
export function leaveMessageRow(message: LeaveMessage, business: Business) {
  return {
    mid: message.id,
    content: message.content,
    name: message.name,
    moblie: message.phone,
    email: message.email,
    business_id: business.slug,
    timestamp: mysqlTime(message.createdAt, business.timezone),
  };
}
