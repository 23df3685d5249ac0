import { shallowReactive } from 'vue';
import type { ApiMessage } from '../../../src/front-doors/console-api/wire.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import { coalesce, type Coalesced } from './coalesce.ts';
import { lastSeqOf, mergeMessages, missingAfter, olderThan } from './message-list.ts';

/** The messages of one conversation, as far as this console has read them. */
export interface Thread {
  readonly conversationId: number;
  /** `missing`: there is no such conversation for this agent. */
  readonly state: 'loading' | 'ready' | 'failed' | 'missing';
  readonly messages: readonly ApiMessage[];
  readonly hasOlder: boolean;
  readonly older: 'idle' | 'loading' | 'failed';
  loadOlder(): Promise<void>;
  /** Reads what is missing; the first time, the newest messages. */
  catchUp(): Promise<void>;
}

export interface ThreadStore {
  /** The thread, which begins to load when it is new. */
  open(conversationId: number): Thread;
  /** Takes messages that came by themselves, where the thread is held; a hole is filled from the server. */
  receive(conversationId: number, messages: readonly ApiMessage[]): void;
  /** As `receive`, for a message of which only the number is known. */
  announce(conversationId: number, seq: number): void;
  /** Looks for messages that no event told of, where the thread is held. */
  look(conversationId: number): void;
  hurry(): void;
  close(): void;
}

interface ThreadState {
  state: Thread['state'];
  messages: readonly ApiMessage[];
  older: Thread['older'];
}

interface HeldThread {
  thread: Thread;
  state: ThreadState;
  /** The newest seq that somebody has told of. */
  knownSeq: number;
  catchUp: Coalesced;
}

const PAGE = 50;
const CATCH_UP_PAGE = 200;
/** Who is further behind begins anew with the newest messages. */
const CATCH_UP_PAGES = 5;
/** Threads that are kept for a quick return. */
const THREADS_HELD = 20;

export function createThreadStore(api: ConsoleApi): ThreadStore {
  /** In the order of last use. */
  const held = new Map<number, HeldThread>();

  function create(conversationId: number): HeldThread {
    const state: ThreadState = shallowReactive({ state: 'loading', messages: [], older: 'idle' });

    async function readNewest(): Promise<void> {
      state.messages = await api.messages(conversationId, { from: 'newest' }, PAGE);
    }

    async function readMissing(): Promise<void> {
      for (let page = 0; page < CATCH_UP_PAGES; page += 1) {
        const after = missingAfter(state.messages, entry.knownSeq) ?? lastSeqOf(state.messages);
        const answer = await api.messages(conversationId, { from: 'after', seq: after }, CATCH_UP_PAGE);
        state.messages = mergeMessages(state.messages, answer);
        if (answer.length < CATCH_UP_PAGE) return;
      }
      await readNewest();
    }

    const catchUp = coalesce(
      async () => {
        await (state.state === 'ready' ? readMissing() : readNewest());
        state.state = 'ready';
        entry.knownSeq = Math.max(entry.knownSeq, lastSeqOf(state.messages));
      },
      {
        onFailure(_error, final) {
          // What is on the screen stays there; the connection state says that it may be old.
          if (state.state !== 'ready') state.state = final ? 'missing' : 'failed';
        },
      },
    );

    async function loadOlder(): Promise<void> {
      const before = olderThan(state.messages);
      if (before === null || state.older === 'loading' || state.state !== 'ready') return;
      state.older = 'loading';
      try {
        const page = await api.messages(conversationId, { from: 'before', seq: before }, PAGE);
        state.messages = mergeMessages(state.messages, page);
        state.older = 'idle';
      } catch {
        state.older = 'failed';
      }
    }

    const thread: Thread = {
      conversationId,
      get state() {
        return state.state;
      },
      get messages() {
        return state.messages;
      },
      get hasOlder() {
        return olderThan(state.messages) !== null;
      },
      get older() {
        return state.older;
      },
      loadOlder,
      catchUp() {
        catchUp.hurry();
        return catchUp.request();
      },
    };
    const entry: HeldThread = { thread, state, knownSeq: 0, catchUp };
    return entry;
  }

  function letGoOfOldest(): void {
    for (const [id, entry] of held) {
      if (held.size <= THREADS_HELD) return;
      entry.catchUp.close();
      held.delete(id);
    }
  }

  return {
    open(conversationId) {
      const entry = held.get(conversationId) ?? create(conversationId);
      held.delete(conversationId);
      held.set(conversationId, entry);
      letGoOfOldest();
      void entry.catchUp.request();
      return entry.thread;
    },
    receive(conversationId, messages) {
      const entry = held.get(conversationId);
      if (entry === undefined) return;
      entry.knownSeq = Math.max(entry.knownSeq, ...messages.map(({ seq }) => seq));
      // Until the newest messages are there, a single one would look like the beginning.
      if (entry.state.state === 'ready') entry.state.messages = mergeMessages(entry.state.messages, messages);
      if (entry.state.state !== 'ready' || missingAfter(entry.state.messages, entry.knownSeq) !== null) {
        void entry.catchUp.request();
      }
    },
    announce(conversationId, seq) {
      const entry = held.get(conversationId);
      if (entry === undefined) return;
      entry.knownSeq = Math.max(entry.knownSeq, seq);
      if (missingAfter(entry.state.messages, entry.knownSeq) !== null) void entry.catchUp.request();
    },
    look: (conversationId) => void held.get(conversationId)?.catchUp.request(),
    hurry: () => held.forEach((entry) => entry.catchUp.hurry()),
    close: () => held.forEach((entry) => entry.catchUp.close()),
  };
}
