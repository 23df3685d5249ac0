import type { TalkChannels } from '../api/talk-channels.ts';

type Listener = (event: string, data: unknown) => void;

/** What goes between this page and a visitor's past the store: who types, and calls. */
export interface Signals extends TalkChannels {
  /** Every event of the agent's channels and of the joined conversations, as it came. @returns stops listening */
  listen(listener: Listener): () => void;
}

/** @returns `signals` for those who listen and speak, and `heard` for whoever tells them */
export function createSignals(talks: () => TalkChannels): { signals: Signals; heard: Listener } {
  const listeners = new Set<Listener>();
  return {
    signals: {
      join: (conversationId) => talks().join(conversationId),
      trigger: (conversationId, event, data) => talks().trigger(conversationId, event, data),
      listen(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    heard(event, data) {
      for (const listener of listeners) listener(event, data);
    },
  };
}
