import { computed, ref, watch, type ComputedRef } from 'vue';
import type { Chat } from './chat.ts';

export interface Leaving {
  /** The form for messages stands in the composer's place. */
  form: ComputedRef<boolean>;
  /** Nobody is there, though the visitor writes in the conversation: worth a word. */
  away: ComputedRef<boolean>;
  /** The visitor's own choice between form and conversation. */
  choose(form: boolean): void;
  /** The form was sent: its thanks stay, whoever comes. */
  sent(): void;
}

/**
 * When a visitor is asked to leave a message rather than to write into a conversation that nobody reads now: always
 * without an agent, and with one who left before anything was said. Who is in mid-conversation goes on, and may choose.
 */
export function useLeaving({ session, agent, business, rows }: Chat): Leaving {
  const chosen = ref<boolean | null>(null);
  const standing = computed(() => (session.value.kind === 'ready' ? session.value.answer.state : null));
  const nobody = computed(
    () =>
      standing.value === 'offline' ||
      (standing.value === 'assigned' && agent.value?.online === false && business.online.value === false),
  );
  const spoken = computed(() => rows.value.some((row) => row.kind === 'message' && row.direction === 'out'));
  watch(nobody, (now) => {
    if (!now) chosen.value = null;
  });

  const form = computed(() => nobody.value && (chosen.value ?? (standing.value === 'offline' || !spoken.value)));
  return {
    form,
    away: computed(() => nobody.value && !form.value),
    choose: (wanted) => (chosen.value = wanted),
    sent: () => (chosen.value = true),
  };
}
