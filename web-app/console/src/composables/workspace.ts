import { computed, reactive, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { ApiConversation, ApiMe, TransferRequest } from '../../../src/front-doors/console-api/wire.ts';
import type { BusinessFeatures, ConsoleApi } from '../api/console-api.ts';
import type { RealtimeClient, RealtimeListener } from '../api/realtime-client.ts';
import { createTimers } from '../api/timers.ts';
import { coalesce } from './coalesce.ts';
import { applyEvent, applyMessage, type EventTargets } from './apply-event.ts';
import { connectionState, type ConnectionFacts, type ConnectionState } from './connection-state.ts';
import { createConversationReader } from './conversation-reader.ts';
import { createConversationStore } from './conversation-store.ts';
import { createDeliveryTeller } from './delivery-teller.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { createInboxViews, type InboxViews } from './inbox-views.ts';
import { createOwnState, type OwnState } from './own-state.ts';
import { createSender, type Sender } from './sender.ts';
import { createSeqMarker } from './seq-marker.ts';
import { createSignals, type Signals } from './signals.ts';
import type { TextStore } from './text-store.ts';
import { createThreadStore, type Thread } from './thread-store.ts';
import { createHeardTyping, type HeardTyping } from './typing.ts';

/** Everything a signed-in agent works with: made once a sign-in, ended with `dispose`. */
export interface Workspace {
  readonly own: OwnState;
  readonly inbox: InboxViews;
  readonly sender: Sender;
  readonly drafts: Drafts;
  readonly signals: Signals;
  readonly typing: Pick<HeardTyping, 'isTyping'>;
  /** What the business offers its visitors; null until it was read. */
  readonly features: Readonly<ShallowRef<BusinessFeatures | null>>;
  readonly connection: ComputedRef<ConnectionState>;
  conversation(id: number): ApiConversation | undefined;
  /** Begins to show a conversation: reads its row and its newest messages. */
  show(id: number): Thread;
  showNothing(): void;
  /** Reads the conversation that is shown again. */
  refreshShown(): Promise<void>;
  markRead(id: number, seq: number): void;
  /** @throws ApiError, `already_claimed` for all but one of those who try at once */
  claim(id: number): Promise<void>;
  /** @throws ApiError */
  close(id: number): Promise<void>;
  /** @throws ApiError, `already_claimed` when a colleague has it, `over_capacity`, `blacklisted` */
  reopen(id: number): Promise<void>;
  /** @throws ApiError, `conflict` when nobody is there, `over_capacity` */
  transfer(id: number, to: TransferRequest): Promise<void>;
  /** @throws ApiError */
  setBlacklisted(id: number, blacklisted: boolean): Promise<void>;
  /** @throws ApiError, `conflict` when the customer has rated for good */
  requestRating(id: number): Promise<void>;
  /** Whether the browser has a network. */
  setNetwork(online: boolean): void;
  /** Whether the last call was answered. */
  setReachable(reachable: boolean): void;
  /** Reads everything that is shown again, at once. Resolves when done. */
  synchronise(): Promise<void>;
  dispose(): void;
}

export interface WorkspaceDeps {
  api: ConsoleApi;
  me: ApiMe;
  storage: TextStore;
  network: boolean;
  connect: (listener: RealtimeListener) => RealtimeClient;
}

/** While live events arrive, a little is read so often all the same: it shows whether the server still answers. */
const HEARTBEAT_MS = 20_000;
/** While they do not, everything that is shown is read so often. */
const POLL_MS = 5_000;

export function createWorkspace({ api, me, storage, network, connect }: WorkspaceDeps): Workspace {
  const facts = reactive<ConnectionFacts>({ network, live: false, reachable: true, synced: false });
  const timers = createTimers();
  const delivery = createDeliveryTeller(api, me.id, (id) => store.get(id));
  const store = createConversationStore(me.id, (row) => delivery.look(row));
  const inbox = createInboxViews(api, store, me.id);
  const threads = createThreadStore(api);
  const rows = createConversationReader(api, store, inbox);
  const own = createOwnState(api, me);
  const reader = createSeqMarker(
    (id, seq) => api.markRead(id, seq),
    () => void own.refreshCounts(),
  );
  const typing = createHeardTyping();
  const features = shallowRef<BusinessFeatures | null>(null);
  const featureReading = coalesce(async () => void (features.value = await api.features(me.business.businessId)));
  const sender = createSender(api, storage, me.id, (message) => applyMessage(targets, message));
  const targets: EventTargets = { ownId: me.id, store, inbox, threads, rows, own, sender, typing };
  const parts = [inbox, threads, rows, own, reader, delivery, sender, featureReading];
  let shown: number | null = null;
  /** Counts how often live events began or ended. */
  let era = 0;

  async function refreshShown(): Promise<void> {
    if (shown === null) return;
    await Promise.all([rows.read(shown), threads.open(shown).catchUp()]);
  }

  async function readEverything(): Promise<void> {
    const lists = (['mine', 'queue', 'all'] as const)
      .map((view) => inbox.list(view))
      .filter((list) => list.view === 'mine' || list.state !== 'unread');
    await Promise.all([own.refresh(), refreshShown(), ...lists.map((list) => list.refresh())]);
  }

  function hurry(): void {
    for (const part of parts) part.hurry();
  }

  async function synchronise(): Promise<void> {
    const begun = era;
    hurry();
    await readEverything();
    if (begun === era && facts.live) facts.synced = true;
  }

  const { signals, heard } = createSignals(() => realtime.talks);
  const realtime = connect({
    onEvent: (event) => applyEvent(targets, event),
    onSignal: heard,
    onLive(live) {
      era += 1;
      facts.live = live;
      facts.synced = false;
      // From here on no event is missed, so what is read now is complete.
      if (live) void synchronise();
    },
  });
  void readEverything();
  void featureReading.request();
  timers.every(POLL_MS, () => {
    if (!facts.live) void readEverything();
  });
  timers.every(HEARTBEAT_MS, () => {
    if (!facts.live) return;
    void own.refreshCounts();
    // Of where a visitor is now, no event tells.
    if (shown !== null) void rows.read(shown);
  });

  /** The row, the lists and the thread after this agent changed a conversation. */
  async function readAfterChange(id: number): Promise<void> {
    const queue = inbox.list('queue');
    const lists = queue.state === 'unread' ? [] : [queue.refresh()];
    await Promise.all([rows.read(id), own.refresh(), shown === id ? refreshShown() : undefined, ...lists]);
  }

  async function change(id: number, call: (id: number) => Promise<ApiConversation>): Promise<void> {
    const asOf = store.mark();
    try {
      store.put([await call(id)], asOf);
      inbox.place(id);
    } finally {
      // Who was refused, too, wants to see how things are now.
      void readAfterChange(id);
    }
  }

  return {
    own,
    inbox,
    sender,
    drafts: createDrafts(storage, me.id),
    signals,
    typing,
    features,
    connection: computed(() => connectionState(facts)),
    conversation: (id) => store.get(id),
    show(id) {
      shown = id;
      void rows.read(id);
      return threads.open(id);
    },
    showNothing() {
      shown = null;
    },
    refreshShown,
    markRead(id, seq) {
      store.applyOwnRead(id, seq);
      reader.mark(id, seq);
    },
    claim: (id) => change(id, (each) => api.claim(each)),
    close: (id) => change(id, (each) => api.close(each)),
    reopen: (id) => change(id, (each) => api.reopen(each)),
    transfer: (id, to) => change(id, (each) => api.transfer(each, to)),
    async setBlacklisted(id, blacklisted) {
      await api.setBlacklisted(id, blacklisted);
      await readAfterChange(id);
    },
    async requestRating(id) {
      await api.requestRating(id);
      threads.look(id);
    },
    setNetwork(online) {
      facts.network = online;
      if (!online) return;
      realtime.hurry();
      void synchronise();
    },
    setReachable(reachable) {
      const back = reachable && !facts.reachable;
      facts.reachable = reachable;
      if (back) hurry();
    },
    synchronise,
    dispose() {
      realtime.close();
      timers.close();
      typing.close();
      for (const part of parts) part.close();
    },
  };
}
