import { decode } from '../decode.ts';
import { questionRow, tabRow } from './content-rows.ts';
import type { LegacyCall } from './legacy-call.ts';
import { success } from './reply.ts';
import { businessOf } from './service-chat.ts';
import { greetingRequest, questionRequest, tabRequest } from './wire.ts';

/** `/admin/manager/addquestion`: adds a question, or changes the one with `qid`. */
export const addQuestion: LegacyCall = {
  paths: ['/admin/manager/addquestion'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const { question, answer, answer_read: html, qid } = decode(questionRequest, request.fields);
    const business = await businessOf(services, agent);
    const faq = await services.content.saveFaq(agent, qid || null, { title: question, source: answer, html });
    return success(questionRow(faq, business), '成功');
  },
};

/** `/admin/set/gettab`: adds a page, or changes the one with `tid`. */
export const getTab: LegacyCall = {
  paths: ['/admin/set/gettab'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const { title, content, content_read: html, tid } = decode(tabRequest, request.fields);
    const business = await businessOf(services, agent);
    const tab = await services.content.saveTab(agent, tid || null, { title, source: content, html });
    return success(tabRow(tab, business), '成功');
  },
};

/** `/admin/manager/cmtalk`: this agent's greeting. */
export const cmTalk: LegacyCall = {
  paths: ['/admin/manager/cmtalk'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    await services.content.setGreeting(agent, decode(greetingRequest, request.fields).content);
    return { code: 0, msg: '成功' };
  },
};
