import { shallowReactive } from 'vue';
import type { ApiLeaveMessage } from '../../../src/front-doors/console-api/wire.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import { coalesce } from './coalesce.ts';
import { errorCode } from './error-words.ts';

/** What visitors left while nobody was there, the newest first, read page by page. */
export interface LeaveMessageList {
  readonly items: readonly ApiLeaveMessage[];
  /** False until it was read for the first time. */
  readonly ready: boolean;
  readonly hasMore: boolean;
  readonly more: 'idle' | 'loading' | 'failed';
  /** Why it could not be read; null when it could. */
  readonly problem: string | null;
  /** Reads the newest; what is shown stays. */
  refresh(): void;
  loadMore(): Promise<void>;
  close(): void;
}

interface State {
  items: readonly ApiLeaveMessage[];
  ready: boolean;
  next: string | null;
  more: LeaveMessageList['more'];
  problem: string | null;
}

export function createLeaveMessageList(api: Pick<ConsoleApi, 'leaveMessages'>): LeaveMessageList {
  const state: State = shallowReactive({ items: [], ready: false, next: null, more: 'idle', problem: null });

  const reading = coalesce(
    async () => {
      const page = await api.leaveMessages(null);
      const known = new Set(state.items.map(({ id }) => id));
      const joins = page.next === null || page.items.some(({ id }) => known.has(id));
      // Where the new ones reach those that are shown, the end that was read up to stays; else one begins anew.
      if (!state.ready || !joins) Object.assign(state, { items: [], next: page.next });
      state.items = merged(page.items, state.items);
      state.ready = true;
      state.problem = null;
    },
    { onFailure: (error) => void (state.problem = errorCode(error)) },
  );
  void reading.request();

  return {
    get items() {
      return state.items;
    },
    get ready() {
      return state.ready;
    },
    get hasMore() {
      return state.next !== null;
    },
    get more() {
      return state.more;
    },
    get problem() {
      return state.problem;
    },
    refresh() {
      reading.hurry();
      void reading.request();
    },
    async loadMore() {
      const { next } = state;
      if (next === null || state.more === 'loading') return;
      state.more = 'loading';
      try {
        const page = await api.leaveMessages(next);
        state.items = merged(state.items, page.items);
        state.next = page.next;
        state.more = 'idle';
      } catch {
        state.more = 'failed';
      }
    },
    close: () => reading.close(),
  };
}

/** Each once, the newest first. */
function merged(some: readonly ApiLeaveMessage[], others: readonly ApiLeaveMessage[]): readonly ApiLeaveMessage[] {
  const known = new Map([...others, ...some].map((message) => [message.id, message]));
  return [...known.values()].sort((a, b) => b.id - a.id);
}
