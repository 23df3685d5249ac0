import { readStoredMessage, storable, type OutgoingMessage } from './outgoing-messages.ts';
import type { TextStore } from './text-store.ts';

/** What an agent has sent and the server has not acknowledged, as far as that can be kept over a reload. */
export interface OutgoingStore {
  keep(message: OutgoingMessage): void;
  forget(clientId: string): void;
  /** Oldest first. */
  all(): OutgoingMessage[];
}

export function createOutgoingStore(storage: TextStore, agentId: number): OutgoingStore {
  const prefix = `kefu.console.outgoing.${agentId}.`;
  return {
    keep(message) {
      const stored = storable(message);
      if (stored !== null) storage.setItem(prefix + message.clientId, stored);
    },
    forget: (clientId) => storage.removeItem(prefix + clientId),
    all() {
      const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
      return keys
        .filter((key) => key?.startsWith(prefix) === true)
        .map((key) => readStoredMessage(storage.getItem(key ?? '') ?? ''))
        .filter((message) => message !== null)
        .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
    },
  };
}
