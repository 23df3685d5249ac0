import { chooseLocale, type Locale } from '../bridge/locale.ts';

/** The words of the cards beside the launcher. */
interface CardTexts {
  consent: string;
  agree: string;
  decline: string;
  /** Takes a message away that was said unasked. */
  dismiss: string;
  /** Names that message for those who hear the page. */
  said: string;
}

const texts: Record<Locale, CardTexts> = {
  'zh-CN': {
    consent: '开始聊天前：我们会在您的浏览器中保存访客标识和尚未发出的文字，方便您回来时继续对话。',
    agree: '同意并开始',
    decline: '不用了',
    dismiss: '关闭此消息',
    said: '客服消息',
  },
  en: {
    consent:
      'Before we start: we keep a visitor id and your unsent words in this browser, so that you can go on when you come back.',
    agree: 'Agree and chat',
    decline: 'No, thanks',
    dismiss: 'Dismiss this message',
    said: 'Message from us',
  },
};

/** @param locale a language tag, or empty for the visitor's own */
export function cardWordsIn(locale: string): CardTexts {
  return texts[chooseLocale(locale, navigator.languages)];
}
