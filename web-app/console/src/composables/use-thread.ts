import { computed, onScopeDispose, ref, watch, type ComputedRef } from 'vue';
import type { ApiConversation } from '../../../src/front-doors/console-api/wire.ts';
import { createTimers } from '../api/timers.ts';
import { readSeqOf, standingOf, type Standing } from './conversation-rows.ts';
import { lastSeqOf } from './message-list.ts';
import type { Thread } from './thread-store.ts';
import { buildTimeline, type TimelineItem } from './timeline.ts';
import { createTypingTeller } from './typing.ts';
import { useAttention } from './use-attention.ts';
import { useWorkspace } from './workspace-context.ts';

export interface ThreadView {
  readonly thread: Thread;
  /** Undefined until it was read. */
  readonly row: ComputedRef<ApiConversation | undefined>;
  readonly standing: ComputedRef<Standing | null>;
  readonly items: ComputedRef<TimelineItem[]>;
  readonly lastSeq: ComputedRef<number>;
  /** The customer writes. */
  readonly customerTyping: ComputedRef<boolean>;
  send(text: string): void;
  sendFiles(files: readonly File[]): Promise<void>;
  /** A key was pressed in the composer. */
  typed(empty: boolean): void;
  /** From the timeline: whether the newest messages are in sight. */
  setAtEnd(atEnd: boolean): void;
}

/** Of a conversation that is not the agent's own no message events come: it is read so often. */
const READ_ALONG_MS = 5_000;

/** What a thread on the screen does: shows, marks as read, sends. For one conversation; made anew for another. */
export function useThread(conversationId: number): ThreadView {
  const workspace = useWorkspace();
  const { own, sender, signals, typing } = workspace;
  const thread = workspace.show(conversationId);
  const row = computed(() => workspace.conversation(conversationId));
  const standing = computed(() => (row.value === undefined ? null : standingOf(row.value, own.me.value.id)));
  const lastSeq = computed(() => lastSeqOf(thread.messages));
  const attention = useAttention();
  const atEnd = ref(true);
  const timers = createTimers();
  /** The divider stands where the agent was when coming here, or when last looking away. */
  const unreadAfterSeq = ref<number | null>(null);

  const items = computed(() =>
    buildTimeline({
      messages: thread.messages,
      outgoing: sender.outgoingOf(conversationId),
      customerReadSeq: row.value?.customerReadSeq ?? 0,
      customerDeliveredSeq: row.value?.customerDeliveredSeq ?? 0,
      unreadAfterSeq: unreadAfterSeq.value,
      me: own.me.value,
      previewOf: (key) => sender.previewOf(key),
    }),
  );
  const isMine = computed(() => standing.value?.kind === 'mine');
  const looking = computed(() => attention.value && atEnd.value && isMine.value && thread.state === 'ready');

  let looked = false;
  watch(
    [looking, lastSeq, () => row.value?.unread],
    () => {
      const known = row.value;
      if (known === undefined || !isMine.value) return;
      // What comes while somebody looks is never unread.
      if (known.unread > 0 && !(looking.value && looked)) unreadAfterSeq.value ??= readSeqOf(known);
      if (!looking.value) return;
      looked = true;
      if (known.unread > 0) workspace.markRead(conversationId, lastSeq.value);
    },
    { immediate: true },
  );
  watch(attention, (attentive) => {
    if (!attentive) unreadAfterSeq.value = null;
  });

  const teller = createTypingTeller((now) =>
    signals.trigger(conversationId, 'client-typing', { role: 'agent', typing: now }),
  );
  let leaveTalk = () => {};
  watch(
    isMine,
    (mine) => {
      leaveTalk();
      leaveTalk = mine ? signals.join(conversationId) : () => {};
    },
    { immediate: true },
  );

  timers.every(READ_ALONG_MS, () => {
    if (!isMine.value && document.visibilityState === 'visible') void workspace.refreshShown();
  });
  onScopeDispose(() => {
    teller.stop();
    leaveTalk();
    timers.close();
    workspace.showNothing();
  });

  return {
    thread,
    row,
    standing,
    items,
    lastSeq,
    customerTyping: computed(() => typing.isTyping(conversationId)),
    send(text) {
      teller.stop();
      unreadAfterSeq.value = null;
      sender.send(conversationId, text);
    },
    async sendFiles(files) {
      unreadAfterSeq.value = null;
      await sender.sendFiles(conversationId, files);
    },
    typed: (empty) => teller.pressed(empty),
    setAtEnd(value) {
      atEnd.value = value;
    },
  };
}
