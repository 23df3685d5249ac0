/** The words of the page on which somebody leaves a message. */
export interface LeaveMessageTexts {
  lang: string;
  title: string;
  intro: string;
  name: string;
  phone: string;
  email: string;
  content: string;
  send: string;
  thanks: string;
  another: string;
  empty: string;
  tooLong: string;
  tooOften: string;
  closed: string;
  required: string;
}

const zh: LeaveMessageTexts = {
  lang: 'zh-CN',
  title: '留言',
  intro: '现在没有客服在线。请留下您的问题和联系方式，我们会尽快回复您。',
  name: '姓名',
  phone: '电话',
  email: '邮箱',
  content: '留言内容',
  send: '提交留言',
  thanks: '留言已收到，谢谢！我们会尽快与您联系。',
  another: '再写一条',
  empty: '请填写留言内容。',
  tooLong: '填写的内容过长，请缩短后再提交。',
  tooOften: '提交过于频繁，请稍后再试。',
  closed: '该网站已经停止客服咨询！',
  required: '必填',
};

const en: LeaveMessageTexts = {
  lang: 'en',
  title: 'Leave a message',
  intro: 'Nobody is here right now. Tell us what you need and how to reach you, and we will get back to you.',
  name: 'Name',
  phone: 'Phone',
  email: 'E-mail',
  content: 'Your message',
  send: 'Send message',
  thanks: 'Your message has arrived. Thank you, we will be in touch.',
  another: 'Write another',
  empty: 'Please write a message.',
  tooLong: 'That is too long. Please shorten it and send it again.',
  tooOften: 'Too many messages were sent from here. Please try again later.',
  closed: 'This site no longer takes questions.',
  required: 'required',
};

/** By language tag; anything but Chinese is English. */
export function leaveMessageTexts(language: string): LeaveMessageTexts {
  return language.toLowerCase().startsWith('zh') ? zh : en;
}
