import { ref, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { errorCode, errorWords } from './error-words.ts';
import { toasts } from './toasts.ts';
import { useWorkspace } from './workspace-context.ts';

export interface Claiming {
  /** The conversation that is being claimed. */
  readonly claimingId: Readonly<Ref<number | null>>;
  /** True when this agent got it; else the reason was shown. */
  claim(id: number): Promise<boolean>;
}

/** Claims a waiting conversation. Of all who try at once one gets it; the others are told in plain words. */
export function useClaim(): Claiming {
  const { t } = useI18n();
  const workspace = useWorkspace();
  const claimingId = ref<number | null>(null);

  function refusal(id: number, code: string): string {
    if (code === 'already_claimed') {
      return t('claim.lost', { name: workspace.conversation(id)?.customer.name ?? '' });
    }
    if (code === 'over_capacity') return t('claim.overCapacity', { max: workspace.own.me.value.maxConversations });
    return t('claim.failed', { reason: errorWords(t, code) });
  }

  async function claim(id: number): Promise<boolean> {
    if (claimingId.value !== null) return false;
    claimingId.value = id;
    try {
      await workspace.claim(id);
      return true;
    } catch (error) {
      toasts.show('error', refusal(id, errorCode(error)));
      return false;
    } finally {
      claimingId.value = null;
    }
  }

  return { claimingId, claim };
}
