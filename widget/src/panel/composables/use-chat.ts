import { computed, effectScope, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { ApiAgent, ApiMessage, ApiVisitorSession } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import type { Init } from '../../bridge/messages.ts';
import { decodeEvent, type ChatEvent } from '../api/decode-event.ts';
import { ApiFailure } from '../api/http.ts';
import { createVisitorApi } from '../api/visitor-api.ts';
import type { Host } from '../host/host.ts';
import { noPendingEntry, pendingEntry, readEntries, visitorEntry } from '../host/saved-entries.ts';
import { Pause, persist } from '../pause.ts';
import { rowsOf, type Greeting, type PendingMessage, type Row } from '../timeline/rows.ts';
import { answeredUntil, latestNotice, newestSeq, unreadCount } from '../timeline/timeline.ts';
import { useConnection, type ConnectionState } from './connection.ts';
import { MessageList } from './message-list.ts';
import { Outbox } from './outbox.ts';
import { ReadMarker } from './read-marker.ts';
import { tellHost } from './tell-host.ts';
import { usePageShown } from './use-page-shown.ts';
import { VisitorSession, type SessionState } from './visitor-session.ts';

/** One visitor's chat as the components show it. */
export interface Chat {
  session: ShallowRef<SessionState>;
  connection: ComputedRef<ConnectionState>;
  businessName: ShallowRef<string>;
  agent: ShallowRef<ApiAgent | null>;
  place: ShallowRef<number | null>;
  rows: ComputedRef<Row[]>;
  unread: ComputedRef<number>;
  loaded: ShallowRef<boolean>;
  loadingOlder: ShallowRef<boolean>;
  draft: ShallowRef<string>;
  /** Whether the newest message is in view. */
  atEnd: ShallowRef<boolean>;
  visible: ShallowRef<boolean>;
  send(text: string): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  loadOlder(): Promise<void>;
  saveDraft(text: string): void;
  show(open: boolean, page: string): void;
  close(): void;
}

/** Puts a visitor's chat together. It lives until `close`. */
export function useChat(init: Init, host: Host, locale: () => string): Chat {
  const scope = effectScope(true);
  return scope.run(() => createChat(init, host, locale, () => scope.stop())) as Chat;
}

function createChat(init: Init, host: Host, locale: () => string, stop: () => void): Chat {
  const saved = readEntries(init.saved);
  const pause = new Pause();
  let page = init.page;
  let openConversation: number | null = null;

  const visible = shallowRef(init.open);
  const pageShown = usePageShown();
  const atEnd = shallowRef(true);
  const businessName = shallowRef('');
  const agent = shallowRef<ApiAgent | null>(null);
  const place = shallowRef<number | null>(null);
  const greeting = shallowRef<Greeting | null>(null);
  const agentReadSeq = shallowRef(0);
  const draft = shallowRef(saved.draft);

  const api = createVisitorApi(
    () => session.token,
    (answered) => connection.observe(answered),
  );
  const session = new VisitorSession({
    init,
    known: saved.visitor,
    api,
    pause,
    locale,
    page: () => page,
    answered,
    keep: (visitor) => host.put(visitorEntry(visitor)),
  });
  const messages = new MessageList({ api, pause, refused: (failure) => renewIfUnknown(failure) });
  const marker = new ReadMarker(api, pause);
  const outbox = new Outbox(
    {
      send,
      pause,
      keep: (message) => host.put(pendingEntry(message)),
      drop: (clientId) => host.put(noPendingEntry(clientId)),
      stored: (message) => took(message),
      renew: () => session.renew(),
    },
    saved.pending,
  );
  const connection = useConnection({
    token: () => session.token,
    event(name, data) {
      const event = decodeEvent(name, data);
      if (event) happened(event);
    },
    catchUp: () => messages.catchUp(),
    refresh: () => session.refresh(),
    visible: () => visible.value,
    pause,
  });

  const rows = computed(() =>
    rowsOf({
      timeline: messages.timeline.value,
      pending: outbox.pending.value,
      greeting: greeting.value,
      agentReadSeq: Math.max(agentReadSeq.value, answeredUntil(messages.timeline.value)),
      complete: messages.complete,
    }),
  );
  const unread = computed(() => unreadCount(messages.timeline.value, marker.seq.value));

  tellHost(host, { unread, place, agent, session: session.state });
  watch(
    () => latestNotice(messages.timeline.value),
    // What happened to the conversation is told by events; where they do not come, its notices tell.
    () => connection.state.value !== 'connected' && session.refresh(),
  );
  watch([messages.timeline, visible, pageShown, atEnd], markRead);
  void readName();
  void session.begin(init.open);
  if (saved.pending.length > 0) outbox.start();

  async function readName(): Promise<void> {
    const config = await persist(pause, () => api.config(init.business)).catch((error: unknown) => {
      // The header does without a name; the session says what is wrong.
      if (!(error instanceof ApiFailure)) throw error;
      return null;
    });
    businessName.value = config?.business.name ?? '';
  }

  function answered(answer: ApiVisitorSession, active: boolean): void {
    const { conversation, channels } = answer;
    agent.value = answer.agent;
    place.value = answer.place;
    if (active || greeting.value === null) setGreeting(answer.greeting, 0);
    if (conversation === null && !active) return;
    if (conversation) {
      if (conversation.id !== openConversation) {
        marker.reset();
        agentReadSeq.value = 0;
      }
      openConversation = conversation.id;
      agentReadSeq.value = Math.max(agentReadSeq.value, conversation.agentReadSeq);
      marker.heard(conversation.readSeq);
    }
    messages.open(conversation?.id ?? null, conversation?.lastSeq ?? 0);
    connection.connect(answer.pusher, channels.own, channels.agent);
    outbox.start();
  }

  async function send({ clientId, text }: PendingMessage): Promise<ApiMessage | null> {
    const conversation = await conversationToWriteIn();
    if (conversation === null) return null;
    return api.send(conversation, { clientId, type: 'text', content: { text }, page: page.slice(0, 2048) });
  }

  /** Begins a session first where there is none; null when closed. @throws ApiFailure when we are not served */
  async function conversationToWriteIn(): Promise<number | null> {
    const now = session.state.value;
    if (now.kind !== 'ready' || now.answer.conversation === null) await session.begin(true);
    if (pause.closed) return null;
    const { value } = session.state;
    if (value.kind === 'ready' && value.answer.conversation) return value.answer.conversation.id;
    throw new ApiFailure(403, value.kind === 'refused' ? value.code : 'blacklisted');
  }

  function took(message: ApiMessage): void {
    const fresh = message.seq > newestSeq(messages.timeline.value);
    messages.take([message]);
    // One's own words are read by whoever wrote them; the server moves the cursor itself.
    if (message.senderRole === 'customer') marker.heard(message.seq);
    if (fresh && message.senderRole !== 'system') {
      host.tell({ type: 'message', direction: message.senderRole === 'agent' ? 'in' : 'out', seq: message.seq });
    }
  }

  function happened(event: ChatEvent): void {
    switch (event.kind) {
      case 'message':
        return took(event.message);
      case 'missed':
        return void messages.catchUp();
      case 'read':
        if (event.by === 'customer') return marker.heard(event.seq);
        agentReadSeq.value = Math.max(agentReadSeq.value, event.seq);
        return;
      case 'place':
        // Whether somebody is there to serve the line is not in the event.
        if (session.answer?.state !== 'waiting') return void session.refresh();
        place.value = event.place;
        return;
      case 'agent':
        agent.value = event.agent;
        place.value = null;
        return void session.refresh();
      case 'greeting':
        return setGreeting(event.text, newestSeq(messages.timeline.value));
      case 'conversation':
        return void session.refresh();
      case 'presence':
        if (agent.value) agent.value = { ...agent.value, online: event.online };
        return;
      default:
        return event satisfies never;
    }
  }

  function setGreeting(text: string, afterSeq: number): void {
    if (text === '' || text === greeting.value?.text) return;
    greeting.value = { text, afterSeq, name: agent.value?.name ?? '', avatar: agent.value?.avatar ?? '' };
  }

  function markRead(): void {
    const seq = newestSeq(messages.timeline.value);
    const seen = visible.value && pageShown.value && atEnd.value && messages.loaded.value;
    if (seen && openConversation !== null && seq > marker.seq.value) marker.mark(openConversation, seq);
  }

  function renewIfUnknown(failure: unknown): void {
    if (failure instanceof ApiFailure && failure.status === 401) void session.renew();
  }

  function show(open: boolean, at: string): void {
    page = at;
    if (open === visible.value) return;
    visible.value = open;
    const state = session.answer?.state;
    if (open && state !== 'assigned' && state !== 'waiting') void session.begin(true);
    else if (open) void messages.catchUp();
  }

  return {
    session: session.state,
    connection: connection.state,
    businessName,
    agent,
    place,
    rows,
    unread,
    loaded: messages.loaded,
    loadingOlder: messages.loadingOlder,
    draft,
    atEnd,
    visible,
    send: (text) => outbox.add(text, new Date()),
    retry: (clientId) => outbox.retry(clientId),
    discard: (clientId) => outbox.discard(clientId),
    loadOlder: () => messages.loadOlder(),
    saveDraft(text) {
      draft.value = text;
      host.put({ key: 'draft', value: text });
    },
    show,
    close() {
      pause.close();
      connection.close();
      stop();
    },
  };
}
