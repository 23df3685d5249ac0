import type { TextStore } from './text-store.ts';

export interface Drafts {
  read(conversationId: number): string;
  /** An empty text is no draft. */
  write(conversationId: number, text: string): void;
}

/** What an agent has begun to write, one text a conversation, kept over reloads. */
export function createDrafts(storage: TextStore, agentId: number): Drafts {
  const keyOf = (conversationId: number) => `kefu.console.draft.${agentId}.${conversationId}`;
  return {
    read: (conversationId) => storage.getItem(keyOf(conversationId)) ?? '',
    write(conversationId, text) {
      if (text.trim() === '') storage.removeItem(keyOf(conversationId));
      else storage.setItem(keyOf(conversationId), text);
    },
  };
}
