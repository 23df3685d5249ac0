import { chooseLocale, type Locale } from '../bridge/locale.ts';

/** The launcher's few words; the second script and the panel have their own. */
export interface Texts {
  /** The title of the frame, and the end of the launcher's two names. */
  chat: string;
  open: string;
  close: string;
  /** After a number. */
  unread: string;
  failed: string;
}

const texts: Record<Locale, Texts> = {
  'zh-CN': {
    chat: '在线客服',
    open: '打开',
    close: '收起',
    unread: ' 条未读',
    failed: '聊天窗口打不开，请点此在新标签页中咨询',
  },
  en: {
    chat: 'chat',
    open: 'Open ',
    close: 'Close ',
    unread: ' unread',
    failed: 'The chat cannot open here. Continue in a new tab',
  },
};

/** @param locale a language tag, or empty for the visitor's own */
export function wordsIn(locale: string): Texts {
  return texts[chooseLocale(locale, navigator.languages)];
}
