import { ref, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import type { ApiColleague } from '../../../src/front-doors/console-api/wire.ts';
import { errorCode, errorWords } from './error-words.ts';
import { toasts } from './toasts.ts';
import { useWorkspace } from './workspace-context.ts';

/** What an agent does with a conversation; each says whether it worked. */
export interface ThreadDeeds {
  /** One of them is under way. */
  readonly busy: Readonly<Ref<boolean>>;
  close(): Promise<void>;
  reopen(): Promise<void>;
  askForRating(): Promise<void>;
  setBlacklisted(blacklisted: boolean): Promise<void>;
  /** @throws ApiError: who chose is told where they chose */
  transfer(to: ApiColleague): Promise<void>;
}

export function useThreadDeeds(conversationId: number): ThreadDeeds {
  const { t } = useI18n();
  const workspace = useWorkspace();
  const busy = ref(false);
  const name = () => workspace.conversation(conversationId)?.customer.name ?? '';

  async function act(deed: () => Promise<void>, done: () => string, refused: (code: string) => string): Promise<void> {
    busy.value = true;
    try {
      await deed();
      toasts.show('done', done());
    } catch (error) {
      toasts.show('error', refused(errorCode(error)));
    } finally {
      busy.value = false;
    }
  }

  return {
    busy,
    close: () =>
      act(
        () => workspace.close(conversationId),
        () => t('thread.closed', { name: name() }),
        (code) => t('thread.closeFailed', { reason: errorWords(t, code) }),
      ),
    reopen: () =>
      act(
        () => workspace.reopen(conversationId),
        () => t('thread.reopened', { name: name() }),
        (code) =>
          code === 'over_capacity'
            ? t('claim.overCapacity', { max: workspace.own.me.value.maxConversations })
            : t('thread.reopenFailed', { reason: errorWords(t, code) }),
      ),
    askForRating: () =>
      act(
        () => workspace.requestRating(conversationId),
        () => t('thread.ratingRequested'),
        (code) =>
          code === 'conflict' ? t('thread.ratedForGood') : t('thread.ratingFailed', { reason: errorWords(t, code) }),
      ),
    setBlacklisted: (blacklisted) =>
      act(
        () => workspace.setBlacklisted(conversationId, blacklisted),
        () => (blacklisted ? t('blacklist.added', { name: name() }) : t('blacklist.removed', { name: name() })),
        (code) => t('blacklist.failed', { reason: errorWords(t, code) }),
      ),
    async transfer(to) {
      await workspace.transfer(conversationId, { agentId: to.id });
      toasts.show('done', t('transfer.done', { name: to.name }));
    },
  };
}
