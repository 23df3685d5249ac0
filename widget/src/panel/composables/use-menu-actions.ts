import { computed, ref, type ComputedRef, type Ref } from 'vue';
import { ApiFailure } from '../api/http.ts';
import type { Dictionary } from '../i18n/dictionary.ts';
import type { Chat } from './chat.ts';

export interface MenuActions {
  /** There is a conversation with something in it, and it is not over. */
  endable: ComputedRef<boolean>;
  /** The visitor is asked whether to end the conversation. */
  ending: Ref<boolean>;
  /** Why the last action did not come about; empty when it did. */
  endProblem: Ref<string>;
  busy: Ref<boolean>;
  saveTranscript(): Promise<void>;
  end(): Promise<void>;
}

export function useMenuActions({ actions, session, rows }: Chat, t: Ref<Dictionary>): MenuActions {
  const ending = ref(false);
  const endProblem = ref('');
  const busy = ref(false);

  async function attempt(action: () => Promise<void>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    endProblem.value = '';
    try {
      await action();
    } catch (error) {
      endProblem.value = t.value.problem(error instanceof ApiFailure ? error.code : '');
    } finally {
      busy.value = false;
    }
  }

  const endable = computed(() => {
    const conversation = session.value.kind === 'ready' ? session.value.answer.conversation : null;
    return (
      /open|waiting/.test(conversation?.state ?? '') && rows.value.some((row) => row.kind === 'message' && row.seq)
    );
  });

  return {
    endable,
    ending,
    endProblem,
    busy,
    saveTranscript: () =>
      attempt(async () => {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(await actions.transcript());
        link.download = `chat-${new Date().toISOString().slice(0, 10)}.txt`;
        link.click();
        URL.revokeObjectURL(link.href);
      }),
    end: () =>
      attempt(async () => {
        await actions.end();
        ending.value = false;
      }),
  };
}
