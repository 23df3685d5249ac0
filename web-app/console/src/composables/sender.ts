import { shallowReactive } from 'vue';
import type { ApiMessage } from '../../../src/front-doors/console-api/wire.ts';
import { ApiError } from '../api/api-error.ts';
import { backoffMs } from '../api/backoff.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import { createTimers } from '../api/timers.ts';
import { nextToSend, readStoredMessage, stateAfterFailure, type OutgoingMessage } from './outgoing-messages.ts';
import type { TextStore } from './text-store.ts';

export interface Sender {
  /** What is on its way in a conversation, oldest first. */
  outgoingOf(conversationId: number): OutgoingMessage[];
  send(conversationId: number, text: string): void;
  /** Sends what is stuck or was refused once more, under the same name. */
  retry(clientId: string): void;
  /** Forgets a refused message. */
  discard(clientId: string): void;
  /** The server has it: an event or a page brought it. */
  settle(clientId: string): void;
  /** Tries everything at once; for when the server is back. */
  hurry(): void;
  close(): void;
}

/**
 * Sends what the agent types: one after another in each conversation, so that their order stands, and again and again
 * under the same `clientId` until the server has acknowledged or refused it. Kept in `storage` until then.
 *
 * @param onSent told of each acknowledged message
 */
export function createSender(
  api: Pick<ConsoleApi, 'sendText'>,
  storage: TextStore,
  agentId: number,
  onSent: (message: ApiMessage) => void,
): Sender {
  const prefix = `kefu.console.outgoing.${agentId}.`;
  const outgoing = shallowReactive(new Map<string, OutgoingMessage>());
  const busy = new Set<number>();
  const timers = createTimers();
  const wakers = new Set<() => void>();
  let closed = false;

  function change(clientId: string, state: OutgoingMessage['state']): void {
    const message = outgoing.get(clientId);
    if (message !== undefined) outgoing.set(clientId, { ...message, state });
  }

  function forget(clientId: string): void {
    outgoing.delete(clientId);
    storage.removeItem(prefix + clientId);
  }

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        wakers.delete(wake);
        resolve();
      };
      const cancel = timers.later(ms, wake);
      wakers.add(wake);
    });
  }

  /** Sends until nothing is left that can go; one such loop a conversation. */
  async function pump(conversationId: number): Promise<void> {
    if (busy.has(conversationId)) return;
    busy.add(conversationId);
    let failures = 0;
    for (;;) {
      const next = closed ? null : nextToSend(outgoing.values(), conversationId);
      if (next === null) break;
      try {
        const message = await api.sendText(conversationId, next.clientId, next.text);
        failures = 0;
        forget(next.clientId);
        onSent(message);
      } catch (error) {
        failures += 1;
        const state = stateAfterFailure(error, failures);
        change(next.clientId, state);
        if (state.kind === 'refused') {
          failures = 0;
          continue;
        }
        const asked = error instanceof ApiError && error.retryAfter !== null ? error.retryAfter * 1000 : 0;
        await rest(Math.max(asked, backoffMs(failures, Math.random())));
      }
    }
    busy.delete(conversationId);
  }

  function restore(): void {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
    const stored = keys
      .filter((key) => key?.startsWith(prefix) === true)
      .map((key) => readStoredMessage(storage.getItem(key ?? '') ?? ''))
      .filter((message) => message !== null)
      .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
    for (const message of stored) outgoing.set(message.clientId, message);
    for (const { conversationId } of stored) void pump(conversationId);
  }
  restore();

  return {
    outgoingOf: (conversationId) =>
      [...outgoing.values()].filter((message) => message.conversationId === conversationId),
    send(conversationId, text) {
      const message: OutgoingMessage = {
        clientId: newClientId(),
        conversationId,
        text,
        createdAt: new Date().toISOString(),
        state: { kind: 'sending' },
      };
      storage.setItem(prefix + message.clientId, JSON.stringify(message));
      outgoing.set(message.clientId, message);
      void pump(conversationId);
    },
    retry(clientId) {
      const message = outgoing.get(clientId);
      if (message === undefined) return;
      change(clientId, { kind: 'sending' });
      for (const wake of wakers) wake();
      void pump(message.conversationId);
    },
    discard: forget,
    settle: forget,
    hurry() {
      for (const wake of wakers) wake();
    },
    close() {
      closed = true;
      for (const wake of wakers) wake();
      timers.close();
    },
  };
}

/** 128 random bits in hex. `crypto.randomUUID` is missing on pages that came over plain HTTP. */
function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
