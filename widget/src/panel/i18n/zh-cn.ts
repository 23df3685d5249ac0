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
  endAsk: '结束这次咨询？',
  endYes: '结束',
  cancel: '取消',
  problem: (code) => problems[code] ?? '没有成功，请稍后再试。',
  tools: { emoji: '表情', attach: '发送图片或文件', camera: '拍照', voice: '语音消息' },
  emojiGroups: ['表情', '手势', '心意', '生活', '符号'],
  drop: '松开即可发送文件',
  upload: { progress: (percent) => `正在上传 ${percent}%`, cancel: '取消上传' },
  recorder: {
    asking: '请允许使用麦克风',
    recording: '正在录音',
    send: '发送语音',
    refused: '没有麦克风权限。请在浏览器设置中允许后再试。',
    missing: '没有找到可用的麦克风。',
    broken: '录音没有成功，请再试一次。',
  },
  image: {
    open: (name) => `查看图片 ${name}`,
    viewer: '图片',
    previous: '上一张',
    next: '下一张',
    save: '保存图片',
    position: (number, total) => `第 ${number} 张，共 ${total} 张`,
    broken: '图片无法显示',
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
    change: '修改评价',
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
    toForm: '给我们留言',
    away: '客服暂时离开了，您的消息会保留，也可以留下联系方式。',
  },
  faq: {
    search: '搜索问题',
    none: '没有找到相关问题',
    loading: '正在加载问题…',
    hint: '点选问题即可看到回答',
    askAgent: '向客服提问',
  },
  page: { loading: '正在加载…' },
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
