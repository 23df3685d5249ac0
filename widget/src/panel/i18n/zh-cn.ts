import type { Dictionary } from './dictionary.ts';

export const zhCn: Dictionary = {
  title: '在线客服',
  close: '收起',
  log: '对话记录',
  online: '在线',
  away: '暂时不在，回来后会回复您',
  lookingForAgent: '正在为您安排客服',
  leaveMessage: '现在无人值守，可以留言',
  welcome: '有什么可以帮您？请留下您的问题。',
  place: (place) => (place === 1 ? '您排在第 1 位，马上就轮到您' : `您排在第 ${place} 位`),
  placeHint: '可以先写下问题，客服接入后就能看到。',
  offline: '客服现在不在线。请留言，我们会尽快回复您。',
  blocked: '抱歉，暂时无法为您提供在线咨询。',
  businessClosed: '该网站已经停止客服咨询。',
  notServed: '咨询暂时无法使用，请稍后再试。',
  unreachable: '连接不上客服系统，正在重试…',
  connection: {
    connecting: '正在连接…',
    reconnecting: '正在恢复实时连接，消息可能会晚几秒到',
    offline: '网络不通，恢复后会自动发送',
  },
  composer: '输入消息',
  composerHint: '按 Enter 发送，Shift + Enter 换行',
  send: '发送',
  tooLong: (over) => `超出 ${over} 字，请缩短后发送`,
  loadingOlder: '正在加载更早的消息…',
  newMessages: (count) => `${count} 条新消息`,
  toEnd: '回到最新消息',
  you: '您',
  agent: '客服',
  states: { sending: '发送中', slow: '还没发出去，正在重试', sent: '已送达', read: '已读' },
  failed: (code) => reasons[code] ?? '没有发出去。',
  retry: '重新发送',
  discard: '删除',
  today: '今天',
  yesterday: '昨天',
  said(body) {
    switch (body.type) {
      case 'text':
        return body.content.text;
      case 'image':
        return '[图片]';
      case 'file':
        return `[文件] ${body.content.name}`;
      case 'voice':
        return '[语音]';
      case 'card':
        return `[商品] ${body.content.title}`;
      case 'call':
        return '[通话]';
    }
  },
  notice(notice) {
    if (notice.notice === 'assigned') return `${notice.agentName} 为您服务`;
    if (notice.notice === 'closed') return '本次咨询已结束，继续发消息即可再次咨询';
    if (notice.notice === 'transferred') return `${notice.agentName} 接手为您服务`;
    if (notice.notice === 'rating_requested') return '请为本次服务评分';
    if (notice.notice === 'rated') return `您给出了 ${notice.score} 分，感谢评价`;
    return '';
  },
};

const reasons: Record<string, string> = {
  too_long: '没有发出去：内容太长。',
  blacklisted: '没有发出去：暂时无法为您提供咨询。',
  business_closed: '没有发出去：该网站已经停止客服咨询。',
};
