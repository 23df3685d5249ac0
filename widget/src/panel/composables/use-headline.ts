import { computed, type ComputedRef } from 'vue';
import { useWords } from '../i18n/use-words.ts';
import type { Chat } from './chat.ts';

/** How things stand, in words. */
export interface Headline {
  /** Under the name at the top. */
  subtitle: ComputedRef<string>;
  /** Why nothing can be written here; null when it can. */
  closed: ComputedRef<string | null>;
  /** What stands in place of messages; null while they load. */
  empty: ComputedRef<string | null>;
  /** The business's own words for when nobody is there; empty without. */
  offlineText: ComputedRef<string>;
  /** For a visitor who writes on while nobody is there. */
  awayText: ComputedRef<string>;
}

export function useHeadline({ session, connection, agent, loaded }: Chat): Headline {
  const { t } = useWords();
  const answer = computed(() => (session.value.kind === 'ready' ? session.value.answer : null));
  const standing = computed(() => answer.value?.state ?? null);
  const offlineText = computed(() => answer.value?.offlineText ?? '');

  const closed = computed(() => {
    if (standing.value === 'blocked') return t.value.blocked;
    if (session.value.kind !== 'refused') return null;
    return session.value.code === 'business_closed' ? t.value.businessClosed : t.value.notServed;
  });
  return {
    closed,
    offlineText,
    awayText: computed(() => (agent.value ? t.value.leave.away : offlineText.value || t.value.offline)),
    subtitle: computed(() => {
      if (agent.value) return agent.value.online ? t.value.online : t.value.away;
      if (standing.value === 'waiting') return t.value.lookingForAgent;
      return standing.value === 'offline' ? t.value.leaveMessage : '';
    }),
    empty: computed(() => {
      if (closed.value) return closed.value;
      if (answer.value && loaded.value) return t.value.welcome;
      return connection.value === 'offline' ? t.value.unreachable : null;
    }),
  };
}
