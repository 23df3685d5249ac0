import { computed, effectScope, shallowRef, watch } from 'vue';
import type { ApiMessage, ApiVisitorSession } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import type { Init, Product } from '../../bridge/messages.ts';
import { decodeEvent, type ChatEvent } from '../api/decode-event.ts';
import { ApiFailure } from '../api/http.ts';
import { createVisitorApi } from '../api/visitor-api.ts';
import type { Host } from '../host/host.ts';
import { noPendingEntry, pendingEntry, readEntries, visitorEntry } from '../host/saved-entries.ts';
import { Pause } from '../pause.ts';
import { rowsOf } from '../timeline/rows.ts';
import { answeredUntil, latestNotice, newestSeq, unreadCount } from '../timeline/timeline.ts';
import { chatActions } from './chat-actions.ts';
import type { Chat } from './chat.ts';
import { useConnection } from './connection.ts';
import { MessageList } from './message-list.ts';
import { usePreChat } from './pre-chat.ts';
import { createSending } from './sending.ts';
import { SeqMarker } from './seq-marker.ts';
import { createSignals } from './signals.ts';
import { useStanding } from './standing.ts';
import { tellHost } from './tell-host.ts';
import { TypingTeller, useHeardTyping } from './typing.ts';
import { useBusiness } from './use-business.ts';
import { usePageShown } from './use-page-shown.ts';
import { VisitorSession } from './visitor-session.ts';
import { watchStanding } from './watch-standing.ts';

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
  const standing = useStanding();
  const { agent, place, estimateS } = standing;
  const draft = shallowRef(saved.draft);
  const sound = shallowRef(saved.sound);
  const product = shallowRef<Product | null>(null);
  const { typing, heard: heardTyping } = useHeardTyping();
  const { signals, heard } = createSignals({
    conversation: () => openConversation,
    trigger: (event, data) => connection.trigger(event, data),
  });
  const api = createVisitorApi(
    () => session.token,
    (answered) => connection.observe(answered),
  );
  const business = useBusiness(init.business, api, pause);
  const preChat = usePreChat(saved.visitor === null && init.identity.id === '', business);
  const session = new VisitorSession({
    init,
    known: saved.visitor,
    api,
    pause,
    locale,
    page: () => page,
    answers: () => preChat.answers.value,
    answered,
    keep: (visitor) => host.put(visitorEntry(visitor)),
  });
  const messages = new MessageList({ api, pause, refused: (failure) => renewIfUnknown(failure) });
  const readMarker = new SeqMarker(pause, (conversation, seq) => api.markRead(conversation, seq));
  const deliveredMarker = new SeqMarker(pause, (conversation, seq) => api.markDelivered(conversation, seq));
  const sending = createSending(
    {
      pause,
      token: () => session.token,
      page: () => page,
      conversation: conversationToWriteIn,
      post: (conversation, message) => api.send(conversation, message),
      stored: (message) => took(message),
      renew: () => session.renew(),
      newestSeq: () => newestSeq(messages.timeline.value),
      keep(message) {
        const entry = pendingEntry(message);
        if (entry) host.put(entry);
      },
      drop: (clientId) => host.put(noPendingEntry(clientId)),
    },
    saved.pending,
  );
  const connection = useConnection({
    token: () => session.token,
    event(name, data) {
      heard(name, data);
      const event = decodeEvent(name, data);
      if (event) happened(event);
    },
    catchUp: () => messages.catchUp(),
    refresh: () => session.refresh(),
    visible: () => visible.value,
    pause,
  });
  const teller = new TypingTeller((now) => connection.trigger('client-typing', { role: 'customer', typing: now }));

  const rows = computed(() =>
    rowsOf({
      timeline: messages.timeline.value,
      pending: sending.pending.value,
      greeting: standing.greeting.value,
      agentReadSeq: Math.max(standing.agentReadSeq.value, answeredUntil(messages.timeline.value)),
      agentDeliveredSeq: standing.agentDeliveredSeq.value,
      previews: sending.previews,
      complete: messages.complete,
    }),
  );
  const unread = computed(() => unreadCount(messages.timeline.value, readMarker.seq.value));

  tellHost(host, { unread, place, agent, session: session.state });
  watch(
    () => latestNotice(messages.timeline.value),
    // What happened to the conversation is told by events; where they do not come, its notices tell.
    () => connection.state.value !== 'connected' && session.refresh(),
  );
  watch([messages.timeline, visible, pageShown, atEnd], markSeen);
  watchStanding({
    session: session.state,
    visible,
    async somebodyThere() {
      await business.refresh();
      return business.online.value === true;
    },
    refresh: () => session.refresh(),
    ask: () => begin(true),
  });
  void begin(init.open);
  if (saved.pending.length > 0) sending.start();

  async function begin(active: boolean): Promise<void> {
    if (active) await preChat.passed();
    if (!pause.closed) await session.begin(active);
  }

  function answered(answer: ApiVisitorSession, active: boolean): void {
    const { conversation, channels } = answer;
    if (conversation && conversation.id !== openConversation) {
      openConversation = conversation.id;
      readMarker.reset();
      deliveredMarker.reset();
      standing.reset();
    }
    standing.take(answer, active);
    if (answer.agent?.online === false) void business.refresh();
    if (conversation === null && !active) return;
    if (conversation) readMarker.heard(conversation.readSeq);
    messages.open(conversation?.id ?? null, conversation?.lastSeq ?? 0);
    const talk = conversation ? `private-talk${conversation.id}` : null;
    connection.connect(answer.pusher, { own: channels.own, agent: channels.agent, talk });
    sending.start();
  }

  /** Begins a session first where there is none; null when closed. @throws ApiFailure when we are not served */
  async function conversationToWriteIn(): Promise<number | null> {
    const now = session.state.value;
    if (now.kind !== 'ready' || now.answer.conversation === null) await begin(true);
    if (pause.closed) return null;
    const { value } = session.state;
    if (value.kind === 'ready' && value.answer.conversation) return value.answer.conversation.id;
    throw new ApiFailure(403, value.kind === 'refused' ? value.code : 'blacklisted');
  }

  function took(message: ApiMessage): void {
    const fresh = message.seq > newestSeq(messages.timeline.value);
    messages.take([message]);
    // One's own words are read by whoever wrote them; the server moves the cursor itself.
    if (message.senderRole === 'customer') readMarker.heard(message.seq);
    if (!fresh || message.senderRole === 'system') return;
    host.tell({ type: 'message', direction: message.senderRole === 'agent' ? 'in' : 'out', seq: message.seq });
    if (message.senderRole === 'customer') return;
    heardTyping(false);
    if (sound.value && !(visible.value && pageShown.value))
      void import('./chime.ts').then(({ chime }) => chime(`${message.id}`));
  }

  function happened(event: ChatEvent): void {
    switch (event.kind) {
      case 'message':
        return took(event.message);
      case 'missed':
        return void messages.catchUp();
      case 'read':
        if (event.by === 'customer') return readMarker.heard(event.seq);
        return standing.read(event.seq);
      case 'delivered':
        return standing.delivered(event.seq);
      case 'typing':
        return heardTyping(event.typing);
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
        return standing.greet(event.text, newestSeq(messages.timeline.value));
      case 'conversation':
        return void session.refresh();
      case 'presence':
        if (agent.value) agent.value = { ...agent.value, online: event.online };
        return void business.refresh();
      default:
        return event satisfies never;
    }
  }

  /** What is seen is read; what is not yet, has come at least. */
  function markSeen(): void {
    const seq = newestSeq(messages.timeline.value);
    if (openConversation === null || !messages.loaded.value || seq <= readMarker.seq.value) return;
    if (visible.value && pageShown.value && atEnd.value) readMarker.mark(openConversation, seq);
    else if (unread.value > 0) deliveredMarker.mark(openConversation, seq);
  }

  function show(open: boolean, at: string): void {
    page = at;
    if (open === visible.value) return;
    visible.value = open;
    const served = /assigned|waiting/.test(session.answer?.state ?? '');
    if (open) void (served ? messages.catchUp() : begin(true));
  }

  function renewIfUnknown(failure: unknown): void {
    if (failure instanceof ApiFailure && failure.status === 401) void session.renew();
  }

  return {
    business,
    session: session.state,
    connection: connection.state,
    agent,
    place,
    estimateS,
    typing,
    rows,
    unread,
    loaded: messages.loaded,
    loadingOlder: messages.loadingOlder,
    draft,
    product,
    sound,
    atEnd,
    visible,
    preChat: preChat.asked,
    actions: chatActions({
      api,
      business: init.business,
      page: () => page,
      conversation: conversationToWriteIn,
      catchUp: () => messages.catchUp(),
      rated: (score) => host.tell({ type: 'rated', score }),
      refresh: () => session.refresh(),
    }),
    signals,
    enter: (answers) => preChat.answer(answers),
    send(text) {
      teller.stop();
      sending.add({ type: 'text', content: { text } });
    },
    sendFiles: (files) => sending.addFiles(files),
    sendVoice: (recording, durationMs) => sending.addVoice(recording, durationMs),
    sendProduct() {
      if (product.value) sending.add({ type: 'card', content: product.value });
      product.value = null;
    },
    retry: (clientId) => sending.retry(clientId),
    discard: (clientId) => sending.discard(clientId),
    loadOlder: () => messages.loadOlder(),
    saveDraft(text) {
      draft.value = text;
      host.put({ key: 'draft', value: text });
    },
    typed: (empty) => teller.pressed(empty, Date.now()),
    setSound(on) {
      sound.value = on;
      host.put({ key: 'sound', value: on ? '' : 'off' });
    },
    kept({ key, value }) {
      if (key === 'draft') draft.value = value;
      if (key === 'sound') sound.value = value !== 'off';
    },
    show,
    close() {
      pause.close();
      connection.close();
      sending.close();
      stop();
    },
  };
}
