import type { Notice } from '../timeline/rows.ts';

/** The words of an open panel in one language; what is loaded later brings its own (`later-words.ts`, `call-words.ts`). */
export interface Dictionary {
  title: string;
  close: string;
  log: string;
  online: string;
  away: string;
  lookingForAgent: string;
  leaveMessage: string;
  welcome: string;
  place: (place: number) => string;
  placeHint: string;
  /** @param seconds the estimated wait */
  estimate: (seconds: number) => string;
  offline: string;
  blocked: string;
  businessClosed: string;
  notServed: string;
  unreachable: string;
  connection: { connecting: string; reconnecting: string; offline: string };
  composer: string;
  composerHint: string;
  send: string;
  tooLong: (over: number) => string;
  loadingOlder: string;
  newMessages: (count: number) => string;
  toEnd: string;
  you: string;
  agent: string;
  states: { sending: string; slow: string; sent: string; delivered: string; read: string };
  failed: (code: string) => string;
  retry: string;
  discard: string;
  typing: (name: string) => string;
  tabs: { all: string; chat: string; faqs: string };
  menu: {
    open: string;
    audioCall: string;
    videoCall: string;
    soundOn: string;
    soundOff: string;
    transcript: string;
    end: string;
  };
  /** What was asked for did not come about. */
  problem: (code: string) => string;
  tools: { emoji: string; attach: string; camera: string; voice: string };
  drop: string;
  upload: { progress: (percent: number) => string; cancel: string };
  image: {
    open: (name: string) => string;
    broken: string;
  };
  rating: {
    change: string;
  };
  leave: {
    toForm: string;
    away: string;
  };
  today: string;
  yesterday: string;
  notice: (notice: Notice) => string;
}
