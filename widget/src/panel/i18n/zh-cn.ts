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
  estimate: (seconds) => (seconds < 60 ? '预计不到 1 分钟' : `预计等待约 ${Math.round(seconds / 60)} 分钟`),
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
  states: { sending: '发送中', slow: '还没发出去，正在重试', sent: '已发送', delivered: '已送达', read: '已读' },
  failed: (code) => reasons[code] ?? '没有发出去。',
  retry: '重新发送',
  discard: '删除',
  typing: (name) => `${name || '客服'}正在输入`,
  tabs: { all: '栏目', chat: '对话', faqs: '常见问题' },
  menu: {
    open: '更多',
    audioCall: '语音通话',
    videoCall: '视频通话',
    soundOn: '打开提示音',
    soundOff: '关闭提示音',
    transcript: '下载聊天记录',
    end: '结束咨询',
  },
  problem: (code) => problems[code] ?? '没有成功，请稍后再试。',
  tools: { emoji: '表情', attach: '发送图片或文件', camera: '拍照', voice: '语音消息' },
  drop: '松开即可发送文件',
  upload: { progress: (percent) => `正在上传 ${percent}%`, cancel: '取消上传' },
  image: {
    open: (name) => `查看图片 ${name}`,
    broken: '图片无法显示',
  },
  rating: {
    change: '修改评价',
  },
  leave: {
    toForm: '给我们留言',
    away: '客服暂时离开了，您的消息会保留，也可以留下联系方式。',
  },
  today: '今天',
  yesterday: '昨天',
  notice(notice) {
    if (notice.notice === 'assigned') return `${notice.agentName} 为您服务`;
    if (notice.notice === 'closed') return '本次咨询已结束，继续发消息即可再次咨询';
    if (notice.notice === 'transferred') return `${notice.agentName} 接手为您服务`;
    if (notice.notice === 'rating_requested') return '客服邀请您评价本次服务';
    if (notice.notice === 'rated') return `您给出了 ${notice.score} 分，感谢评价`;
    return '';
  },
};

const reasons: Record<string, string> = {
  too_long: '没有发出去：内容太长。',
  too_large: '没有发出去：文件超过 18 MB。',
  empty_file: '没有发出去：文件是空的。',
  unreachable: '没有发出去：网络不通。',
  rate_limited: '没有发出去：发送太频繁，请稍候再试。',
  blacklisted: '没有发出去：暂时无法为您提供咨询。',
  business_closed: '没有发出去：该网站已经停止客服咨询。',
};

const problems: Record<string, string> = {
  unreachable: '网络不通，请稍后再试。',
  rate_limited: '操作太频繁，请稍候再试。',
};
