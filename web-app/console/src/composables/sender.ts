import { shallowReactive } from 'vue';
import type { ApiFile, ApiMessage } from '../../../src/front-doors/console-api/wire.ts';
import { ApiError } from '../api/api-error.ts';
import { backoffMs } from '../api/backoff.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import { createTimers } from '../api/timers.ts';
import { attachmentBody } from './attachment.ts';
import { createFilesInMemory } from './files-in-memory.ts';
import {
  firstState,
  nextToSend,
  requestOf,
  stateAfterFailure,
  withStoredFile,
  type OutgoingBody,
  type OutgoingMessage,
} from './outgoing-messages.ts';
import { createOutgoingStore } from './outgoing-store.ts';
import type { TextStore } from './text-store.ts';
import { createUploads } from './uploads.ts';

export interface Sender {
  /** What is on its way in a conversation, oldest first. */
  outgoingOf(conversationId: number): OutgoingMessage[];
  send(conversationId: number, text: string): void;
  sendFiles(conversationId: number, files: readonly File[]): Promise<void>;
  /** Whether a file is on its way, which would be lost with this page. */
  isUploading(): boolean;
  /** Where this page has the file with this key in memory; null when it has not. */
  previewOf(fileKey: string): string | null;
  /** Sends what is stuck or was refused once more, under the same name. */
  retry(clientId: string): void;
  /** Forgets a refused message, and one whose file is on its way. */
  discard(clientId: string): void;
  /** The server has it: an event or a page brought it. */
  settle(clientId: string): void;
  /** Tries everything at once; for when the server is back. */
  hurry(): void;
  close(): void;
}

/**
 * Sends what the agent writes and chooses: one after another in each conversation, so that their order stands, and
 * again and again under the same `clientId` until the server has acknowledged or refused it. What can be is kept in
 * `storage` until then.
 *
 * @param onSent told of each acknowledged message
 */
export function createSender(
  api: Pick<ConsoleApi, 'send' | 'upload'>,
  storage: TextStore,
  agentId: number,
  onSent: (message: ApiMessage) => void,
): Sender {
  const kept = createOutgoingStore(storage, agentId);
  const outgoing = shallowReactive(new Map<string, OutgoingMessage>());
  const memory = createFilesInMemory();
  const busy = new Set<number>();
  const timers = createTimers();
  const wakers = new Set<() => void>();
  let closed = false;

  const uploads = createUploads(api, {
    progress: (clientId, share) => change(clientId, { kind: 'uploading', share }),
    uploaded,
    failed(clientId, code) {
      change(clientId, { kind: 'refused', code });
      pumpFor(clientId);
    },
  });

  function change(clientId: string, state: OutgoingMessage['state']): void {
    const message = outgoing.get(clientId);
    if (message !== undefined) outgoing.set(clientId, { ...message, state });
  }

  function forget(clientId: string): void {
    outgoing.delete(clientId);
    kept.forget(clientId);
  }

  function uploaded(clientId: string, file: ApiFile): void {
    const before = outgoing.get(clientId);
    if (before === undefined) return;
    const message = withStoredFile(before, file);
    if (before.body.type !== 'text') {
      if (message.body.type === 'image') memory.name(before.body.content.url, file.key);
      else memory.release(before.body.content.url);
    }
    outgoing.set(clientId, message);
    kept.keep(message);
    void pump(message.conversationId);
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
        const message = await api.send(conversationId, requestOf(next));
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

  function pumpFor(clientId: string): void {
    const message = outgoing.get(clientId);
    if (message !== undefined) void pump(message.conversationId);
  }

  function begin(message: OutgoingMessage): void {
    if (message.state.kind !== 'uploading') return void pump(message.conversationId);
    const { clientId, file, body } = message;
    if (file !== null && body.type !== 'text') uploads.add(clientId, file, body.content.name);
  }

  function add(conversationId: number, body: OutgoingBody, file: Blob | null): void {
    const message: OutgoingMessage = {
      clientId: newClientId(),
      conversationId,
      body,
      file,
      createdAt: new Date().toISOString(),
      state: firstState(file),
    };
    kept.keep(message);
    outgoing.set(message.clientId, message);
    begin(message);
  }

  const left = kept.all();
  for (const message of left) outgoing.set(message.clientId, message);
  for (const { conversationId } of left) void pump(conversationId);

  return {
    outgoingOf: (conversationId) =>
      [...outgoing.values()].filter((message) => message.conversationId === conversationId),
    send: (conversationId, text) => add(conversationId, { type: 'text', content: { text } }, null),
    async sendFiles(conversationId, files) {
      const bodies = await Promise.all(files.map((file) => attachmentBody(file, (each) => memory.hold(each))));
      if (closed) return;
      for (const [index, body] of bodies.entries()) add(conversationId, body, files[index] ?? null);
    },
    isUploading: () => [...outgoing.values()].some(({ state }) => state.kind === 'uploading'),
    previewOf: (fileKey) => memory.addressOf(fileKey),
    retry(clientId) {
      const message = outgoing.get(clientId);
      if (message === undefined || message.state.kind === 'uploading') return;
      const again = { ...message, state: firstState(message.file) };
      outgoing.set(clientId, again);
      for (const wake of wakers) wake();
      begin(again);
    },
    discard(clientId) {
      const message = outgoing.get(clientId);
      uploads.cancel(clientId);
      forget(clientId);
      if (message === undefined) return;
      if (message.body.type !== 'text') memory.release(message.body.content.url);
      // What waited behind its file may go now.
      void pump(message.conversationId);
    },
    settle: forget,
    hurry() {
      uploads.hurry();
      for (const wake of wakers) wake();
    },
    close() {
      closed = true;
      for (const wake of wakers) wake();
      uploads.close();
      timers.close();
      memory.close();
    },
  };
}

/** 128 random bits in hex. `crypto.randomUUID` is missing on pages that came over plain HTTP. */
function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
