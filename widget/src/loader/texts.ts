import type { Locale } from '../bridge/locale.ts';

/** The loader's few words; the panel has its own dictionary. */
export interface Texts {
  /** The title of the frame, and the end of the launcher's two names. */
  chat: string;
  open: string;
  close: string;
  /** After a number. */
  unread: string;
  failed: string;
}

export const texts: Record<Locale, Texts> = {
  'zh-CN': {
    chat: '在线客服',
    open: '打开',
    close: '收起',
    unread: ' 条未读',
    failed: '窗口打不开，请在新标签页中咨询',
  },
  en: {
    chat: 'chat',
    open: 'Open ',
    close: 'Close ',
    unread: ' unread',
    failed: 'The chat cannot open here. Use a new tab',
  },
};
