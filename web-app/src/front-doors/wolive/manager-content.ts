import { MAX_TABS } from '../../domain/content/content-rules.ts';
import { decode } from '../decode.ts';
import { questionRow, tabRow } from './content-rows.ts';
import type { LegacyCall } from './legacy-call.ts';
import { inWords, success } from './reply.ts';
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
    const page = { title: question, source: answer, html };
    const faq = await inWords({ conflict: '该问题已存在' }, () => services.content.saveFaq(agent, qid || null, page));
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
    const page = { title, source: content, html };
    const tab = await inWords({ conflict: `最多添加 ${MAX_TABS} 个` }, () =>
      services.content.saveTab(agent, tid || null, page),
    );
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
