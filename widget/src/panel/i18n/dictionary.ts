import type { Notice, SaidBody } from '../timeline/rows.ts';

/** Every word of the panel in one language. */
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
  states: { sending: string; slow: string; sent: string; read: string };
  failed: (code: string) => string;
  retry: string;
  discard: string;
  today: string;
  yesterday: string;
  notice: (notice: Notice) => string;
  /** What somebody said, in words. */
  said: (body: SaidBody) => string;
}
