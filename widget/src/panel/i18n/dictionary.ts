import type { PreChatField } from '../composables/use-business.ts';
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
  endAsk: string;
  endYes: string;
  cancel: string;
  /** What was asked for did not come about. */
  problem: (code: string) => string;
  tools: { emoji: string; attach: string; camera: string; voice: string };
  emojiGroups: readonly string[];
  drop: string;
  upload: { progress: (percent: number) => string; cancel: string };
  recorder: { asking: string; recording: string; send: string; refused: string; missing: string; broken: string };
  image: {
    open: (name: string) => string;
    viewer: string;
    previous: string;
    next: string;
    save: string;
    /** @param total how many there are */
    position: (number: number, total: number) => string;
    broken: string;
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
    change: string;
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
    toForm: string;
    away: string;
  };
  faq: { search: string; none: string; loading: string; hint: string; askAgent: string };
  page: { loading: string };
  today: string;
  yesterday: string;
  notice: (notice: Notice) => string;
}

export type CallRecord = Extract<SaidBody, { type: 'call' }>['content'];
