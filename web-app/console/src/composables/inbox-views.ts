import { computed, shallowReactive, type ComputedRef } from 'vue';
import type { ApiConversation } from '../../../src/front-doors/console-api/wire.ts';
import type { ConsoleApi, InboxView } from '../api/console-api.ts';
import { coalesce, type Coalesced } from './coalesce.ts';
import { belongsTo, sortRows } from './conversation-rows.ts';
import type { ConversationStore } from './conversation-store.ts';

export interface InboxList {
  readonly view: InboxView;
  /** Stale rows stay on the screen while they are read again or cannot be. */
  readonly state: 'unread' | 'loading' | 'ready' | 'failed';
  readonly rows: readonly ApiConversation[];
  readonly hasMore: boolean;
  readonly more: 'idle' | 'loading' | 'failed';
  /** Reads as much as is shown, from the start. Resolves when done. */
  refresh(): Promise<void>;
  loadMore(): Promise<void>;
}

export interface InboxViews {
  list(view: InboxView): InboxList;
  /** Puts a conversation that an event told of into the lists it belongs to. */
  place(id: number): void;
  hurry(): void;
  close(): void;
}

interface ListState {
  state: InboxList['state'];
  ids: ReadonlySet<number>;
  next: string | null;
  more: InboxList['more'];
}

const PAGE = 50;
/** The server gives no longer pages. */
const LONGEST_PAGE = 100;
/** Storms of events read the lists at most so often. */
const SPACING_MS = 250;

const VIEWS: readonly InboxView[] = ['mine', 'queue', 'all'];

/** The three lists over one store. A row leaves a list by what it says, and enters it by being read or told of. */
export function createInboxViews(api: ConsoleApi, store: ConversationStore, ownId: number): InboxViews {
  const states = new Map<InboxView, ListState>();
  const lists = new Map<InboxView, InboxList>();
  const refreshers: Coalesced[] = [];

  function createList(view: InboxView): InboxList {
    const list: ListState = shallowReactive({ state: 'unread', ids: new Set<number>(), next: null, more: 'idle' });
    const rows: ComputedRef<ApiConversation[]> = computed(() => {
      const known = [...list.ids].map((id) => store.get(id)).filter((row) => row !== undefined);
      return sortRows(
        view,
        known.filter((row) => belongsTo(view, row, ownId)),
      );
    });

    async function readAgain(): Promise<void> {
      if (list.state === 'unread') list.state = 'loading';
      const asOf = store.mark();
      const wanted = Math.max(PAGE, rows.value.length);
      const ids = new Set<number>();
      let next: string | null = null;
      do {
        const page = await api.conversations(view, next, Math.min(LONGEST_PAGE, wanted));
        store.put(page.items, asOf);
        for (const row of page.items) ids.add(row.id);
        next = page.next;
      } while (next !== null && ids.size < wanted);
      // What an event brought while this was being read is newer than the answer.
      for (const id of list.ids) if (store.readAfter(id, asOf)) ids.add(id);
      Object.assign(list, { ids, next, state: 'ready' });
    }

    const refresher = coalesce(readAgain, {
      spacingMs: SPACING_MS,
      onFailure() {
        // Rows on the screen stay there; the connection state says that they may be old.
        if (list.state === 'loading') list.state = 'failed';
      },
    });
    refreshers.push(refresher);
    states.set(view, list);

    return {
      view,
      get state() {
        return list.state;
      },
      get rows() {
        return rows.value;
      },
      get hasMore() {
        return list.next !== null;
      },
      get more() {
        return list.more;
      },
      refresh: () => {
        refresher.hurry();
        return refresher.request();
      },
      async loadMore() {
        const after = list.next;
        if (after === null || list.more === 'loading') return;
        list.more = 'loading';
        try {
          const asOf = store.mark();
          const page = await api.conversations(view, after, PAGE);
          store.put(page.items, asOf);
          // A refresh in between began anew: its own end counts.
          if (list.next === after) list.next = page.next;
          list.ids = new Set([...list.ids, ...page.items.map((row) => row.id)]);
          list.more = 'idle';
        } catch {
          list.more = 'failed';
        }
      },
    };
  }

  for (const view of VIEWS) lists.set(view, createList(view));

  return {
    list(view) {
      const list = lists.get(view);
      if (list === undefined) throw new RangeError(`There is no list ${view}`);
      return list;
    },
    place(id) {
      for (const list of states.values()) {
        if (list.state !== 'unread' && !list.ids.has(id)) list.ids = new Set([...list.ids, id]);
      }
    },
    hurry: () => refreshers.forEach((refresher) => refresher.hurry()),
    close: () => refreshers.forEach((refresher) => refresher.close()),
  };
}
