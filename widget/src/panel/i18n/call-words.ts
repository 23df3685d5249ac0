import type { Locale } from '../../bridge/locale.ts';
import type { CallKind, Ending } from '../../calls/call-types.ts';

/** The words of a call, loaded with the first one. */
export interface CallWords {
  region: string;
  agent: string;
  preparing: (kind: CallKind) => string;
  ringing: (name: string) => string;
  incoming: (name: string, kind: CallKind) => string;
  connecting: string;
  connected: (name: string) => string;
  interrupted: string;
  answer: string;
  answerWithVideo: string;
  answerWithoutVideo: string;
  refuse: string;
  hangUp: string;
  dismiss: string;
  mute: string;
  unmute: string;
  cameraOn: string;
  cameraOff: string;
  remoteMuted: (name: string) => string;
  remoteWithoutCamera: (name: string) => string;
  remotePicture: (name: string) => string;
  ownPicture: string;
  endings: Record<Ending, string>;
}

export const callWords: Record<Locale, CallWords> = {
  en: {
    region: 'Call',
    agent: 'The agent',
    preparing: (kind) => (kind === 'video' ? 'Please allow microphone and camera' : 'Please allow the microphone'),
    ringing: (name) => `Calling ${name}…`,
    incoming: (name, kind) => (kind === 'video' ? `${name} wants to start a video call` : `${name} is calling you`),
    connecting: 'Connecting…',
    connected: (name) => `In a call with ${name}`,
    interrupted: 'Connection interrupted, trying again…',
    answer: 'Answer',
    answerWithVideo: 'Answer with video',
    answerWithoutVideo: 'Sound only',
    refuse: 'Decline',
    hangUp: 'Hang up',
    dismiss: 'Close',
    mute: 'Mute',
    unmute: 'Unmute',
    cameraOn: 'Turn camera on',
    cameraOff: 'Turn camera off',
    remoteMuted: (name) => `${name} is muted`,
    remoteWithoutCamera: (name) => `${name}’s camera is off`,
    remotePicture: (name) => `Video of ${name}`,
    ownPicture: 'Your own video',
    endings: {
      ended: 'The call has ended',
      refused: 'The call was declined',
      missed: 'The call was not answered',
      elsewhere: 'Answered in another window',
      lost: 'The connection was lost. A firewall may be in the way.',
      busy: 'Another call is going on. Please try again later.',
      unavailable: 'A call is not possible right now',
      'too-many': 'Too many calls in a row. Please wait a minute.',
      unreachable: 'The server cannot be reached. Please try again.',
      insecure: 'Browsers allow calls on secure pages (https) only.',
      'not-allowed': 'The microphone is not allowed. Allow it in the browser’s settings and try again.',
      'no-device': 'No microphone was found.',
      'device-taken': 'Another program is using the microphone or camera.',
      'device-broken': 'The microphone or camera does not work.',
    },
  },
  'zh-CN': {
    region: '通话',
    agent: '客服',
    preparing: (kind) => (kind === 'video' ? '请允许使用麦克风和摄像头' : '请允许使用麦克风'),
    ringing: (name) => `正在呼叫 ${name}…`,
    incoming: (name, kind) => (kind === 'video' ? `${name} 邀请您视频通话` : `${name} 邀请您语音通话`),
    connecting: '正在接通…',
    connected: (name) => `正在与 ${name} 通话`,
    interrupted: '连接中断，正在重试…',
    answer: '接听',
    answerWithVideo: '视频接听',
    answerWithoutVideo: '语音接听',
    refuse: '拒绝',
    hangUp: '挂断',
    dismiss: '关闭',
    mute: '静音',
    unmute: '取消静音',
    cameraOn: '打开摄像头',
    cameraOff: '关闭摄像头',
    remoteMuted: (name) => `${name} 已静音`,
    remoteWithoutCamera: (name) => `${name} 已关闭摄像头`,
    remotePicture: (name) => `${name} 的视频画面`,
    ownPicture: '您自己的画面',
    endings: {
      ended: '通话已结束',
      refused: '对方拒绝了通话',
      missed: '无人接听',
      elsewhere: '已在其他窗口接听',
      lost: '连接已断开，可能被防火墙阻挡。',
      busy: '正在通话中，请稍后再试。',
      unavailable: '现在无法通话',
      'too-many': '呼叫过于频繁，请一分钟后再试。',
      unreachable: '无法连接服务器，请重试。',
      insecure: '浏览器只允许在安全页面（https）上通话。',
      'not-allowed': '没有麦克风权限，请在浏览器设置中允许后重试。',
      'no-device': '没有找到麦克风。',
      'device-taken': '麦克风或摄像头正被其他程序占用。',
      'device-broken': '麦克风或摄像头无法使用。',
    },
  },
};
