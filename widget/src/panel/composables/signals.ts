/** What goes between this page and the agent's past the store: for calls. */
export interface Signals {
  /** Null before there is a conversation. */
  conversation(): number | null;
  /** A client event on the conversation's own channel; lost when there is no connection. */
  trigger(event: string, data: object): void;
  /** Every event of the visitor's channels, as it came. @returns stops listening */
  listen(listener: Listener): () => void;
}

type Listener = (event: string, data: unknown) => void;

/** @returns `signals` for those who listen, and `heard` for whoever tells them */
export function createSignals({ conversation, trigger }: Pick<Signals, 'conversation' | 'trigger'>): {
  signals: Signals;
  heard: Listener;
} {
  const listeners = new Set<Listener>();
  return {
    signals: {
      conversation,
      trigger,
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
