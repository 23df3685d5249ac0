import { shallowRef, type ShallowRef } from 'vue';
import type { Business, PreChatField } from './use-business.ts';

/** What a visitor wrote into the form before the chat. */
export type PreChatAnswers = Record<PreChatField, string>;

export interface PreChat {
  /** The fields of the form that stands before the chat; null when there is none (any more). */
  asked: ShallowRef<PreChatField[] | null>;
  answers: ShallowRef<PreChatAnswers>;
  /** Resolves when nothing stands before the chat. */
  passed(): Promise<void>;
  answer(answers: PreChatAnswers): void;
}

/** @param stranger neither the site nor an earlier visit says who this is */
export function usePreChat(stranger: boolean, business: Pick<Business, 'preChat' | 'known'>): PreChat {
  const asked = shallowRef<PreChatField[] | null>(null);
  const answers = shallowRef<PreChatAnswers>({ name: '', email: '', phone: '' });
  let passing: Promise<void> | null = stranger ? null : Promise.resolve();
  let pass: () => void = () => undefined;

  async function ask(): Promise<void> {
    await business.known;
    if (business.preChat.value.length === 0) return;
    const answered = new Promise<void>((resolve) => (pass = resolve));
    asked.value = business.preChat.value;
    await answered;
  }

  return {
    asked,
    answers,
    passed: () => (passing ??= ask()),
    answer(given) {
      answers.value = given;
      asked.value = null;
      pass();
    },
  };
}
