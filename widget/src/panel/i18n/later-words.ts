import type { Locale } from '../../bridge/locale.ts';
import type { PreChatField } from '../composables/use-business.ts';
import type { SaidBody } from '../timeline/rows.ts';

/** The words of what is loaded when it is first shown: forms, questions, recorder, viewer, ratings. */
export interface LaterWords {
  endAsk: string;
  endYes: string;
  cancel: string;
  emojiGroups: readonly string[];
  recorder: { asking: string; recording: string; send: string; refused: string; missing: string; broken: string };
  image: {
    viewer: string;
    previous: string;
    next: string;
    save: string;
    /** @param total how many there are */
    position: (number: number, total: number) => string;
  };
  download: (name: string) => string;
  voice: { play: string; pause: string; position: string; broken: string };
  call: (call: CallRecord, own: boolean) => string;
  product: { offer: string; send: string; dismiss: string };
  rating: {
    ask: string;
    /** Of 1 to 5. */
    scores: readonly string[];
    comment: string;
    send: string;
    thanks: string;
  };
  preChat: { title: string; hint: string; start: string };
  fields: Record<PreChatField, string>;
  optional: string;
  required: string;
  invalid: Record<PreChatField, string>;
  leave: {
    title: string;
    name: string;
    content: string;
    contact: string;
    contactMissing: string;
    send: string;
    thanks: string;
    thanksHint: string;
    again: string;
    toChat: string;
  };
  faq: { search: string; none: string; loading: string; hint: string; askAgent: string };
  page: { loading: string };
}

export type CallRecord = Extract<SaidBody, { type: 'call' }>['content'];

const zhCn: LaterWords = {
  endAsk: '结束这次咨询？',
  endYes: '结束',
  cancel: '取消',
  emojiGroups: ['表情', '手势', '心意', '生活', '符号'],
  recorder: {
    asking: '请允许使用麦克风',
    recording: '正在录音',
    send: '发送语音',
    refused: '没有麦克风权限。请在浏览器设置中允许后再试。',
    missing: '没有找到可用的麦克风。',
    broken: '录音没有成功，请再试一次。',
  },
  image: {
    viewer: '图片',
    previous: '上一张',
    next: '下一张',
    save: '保存图片',
    position: (number, total) => `第 ${number} 张，共 ${total} 张`,
  },
  download: (name) => `下载 ${name}`,
  voice: { play: '播放语音', pause: '暂停', position: '播放进度', broken: '这段语音无法播放' },
  call({ kind, outcome, durationS }, own) {
    const what = kind === 'video' ? '视频通话' : '语音通话';
    if (outcome === 'ended') return `${what} ${Math.floor(durationS / 60)}:${String(durationS % 60).padStart(2, '0')}`;
    if (outcome === 'refused') return own ? `${what}：对方已拒绝` : `${what}：已拒绝`;
    return own ? `${what}：无人接听` : `${what}：未接听`;
  },
  product: { offer: '正在浏览', send: '发送给客服', dismiss: '不发送' },
  rating: {
    ask: '请为本次服务评分',
    scores: ['很不满意', '不满意', '一般', '满意', '非常满意'],
    comment: '想说点什么？（选填）',
    send: '提交评价',
    thanks: '谢谢您的评价！',
  },
  preChat: { title: '开始咨询', hint: '请先留下您的信息，方便客服联系您。', start: '开始对话' },
  fields: { name: '姓名', email: '邮箱', phone: '电话' },
  optional: '选填',
  required: '请填写这一项',
  invalid: { name: '请填写姓名', email: '请填写有效的邮箱，例如 name@example.com', phone: '请填写有效的电话号码' },
  leave: {
    title: '给我们留言',
    name: '称呼',
    content: '留言内容',
    contact: '请至少留下邮箱或电话，我们才能回复您。',
    contactMissing: '请填写邮箱或电话中的一项',
    send: '提交留言',
    thanks: '已收到您的留言',
    thanksHint: '我们会尽快通过您留下的方式回复您。',
    again: '再写一条',
    toChat: '改为在对话中写',
  },
  faq: {
    search: '搜索问题',
    none: '没有找到相关问题',
    loading: '正在加载问题…',
    hint: '点选问题即可看到回答',
    askAgent: '向客服提问',
  },
  page: { loading: '正在加载…' },
};

const en: LaterWords = {
  endAsk: 'End this conversation?',
  endYes: 'End',
  cancel: 'Cancel',
  emojiGroups: ['Faces', 'Hands', 'Hearts', 'Everyday', 'Signs'],
  recorder: {
    asking: 'Please allow the microphone',
    recording: 'Recording',
    send: 'Send the voice message',
    refused: 'The microphone is not allowed. Allow it in the browser’s settings and try again.',
    missing: 'No microphone was found.',
    broken: 'The recording failed. Please try again.',
  },
  image: {
    viewer: 'Pictures',
    previous: 'Previous',
    next: 'Next',
    save: 'Save the picture',
    position: (number, total) => `${number} of ${total}`,
  },
  download: (name) => `Download ${name}`,
  voice: { play: 'Play', pause: 'Pause', position: 'Position', broken: 'This voice message cannot be played' },
  call({ kind, outcome, durationS }, own) {
    const what = kind === 'video' ? 'Video call' : 'Voice call';
    if (outcome === 'ended') return `${what}, ${Math.floor(durationS / 60)}:${String(durationS % 60).padStart(2, '0')}`;
    if (outcome === 'refused') return `${what}, declined`;
    return own ? `${what}, no answer` : `${what}, missed`;
  },
  product: { offer: 'You are looking at', send: 'Send', dismiss: 'Do not send' },
  rating: {
    ask: 'How did we do?',
    scores: ['Very bad', 'Bad', 'All right', 'Good', 'Very good'],
    comment: 'Anything to add? (optional)',
    send: 'Send rating',
    thanks: 'Thank you for your rating!',
  },
  preChat: { title: 'Start a chat', hint: 'Tell us who you are, so that we can reach you.', start: 'Start' },
  fields: { name: 'Name', email: 'Email', phone: 'Phone' },
  optional: 'optional',
  required: 'Please fill this in',
  invalid: {
    name: 'Please write your name',
    email: 'Please write an email address such as name@example.com',
    phone: 'Please write a phone number',
  },
  leave: {
    title: 'Leave a message',
    name: 'Name',
    content: 'Message',
    contact: 'Leave an email address or a phone number, so that we can answer.',
    contactMissing: 'Please fill in an email address or a phone number',
    send: 'Send message',
    thanks: 'We have got your message',
    thanksHint: 'We will get back to you as soon as we can.',
    again: 'Write another one',
    toChat: 'Write in the chat instead',
  },
  faq: {
    search: 'Search questions',
    none: 'No question found',
    loading: 'Loading questions…',
    hint: 'Choose a question to see its answer',
    askAgent: 'Ask us',
  },
  page: { loading: 'Loading…' },
};

export const laterWords: Record<Locale, LaterWords> = { 'zh-CN': zhCn, en };
