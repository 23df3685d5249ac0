import type { ApiMessage } from '../../../src/front-doors/console-api/wire.ts';
import type { RealtimeEvent } from '../api/realtime-events.ts';
import type { ConversationReader } from './conversation-reader.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { InboxViews } from './inbox-views.ts';
import type { OwnState } from './own-state.ts';
import type { Sender } from './sender.ts';
import type { ThreadStore } from './thread-store.ts';
import type { HeardTyping } from './typing.ts';

export interface EventTargets {
  ownId: number;
  store: ConversationStore;
  inbox: InboxViews;
  threads: ThreadStore;
  rows: ConversationReader;
  own: OwnState;
  sender: Pick<Sender, 'settle'>;
  typing: Pick<HeardTyping, 'heard'>;
}

/** A message is known now, from an event or from the answer to sending it; the same one may come by both ways. */
export function applyMessage(targets: EventTargets, message: ApiMessage): void {
  const { conversationId } = message;
  if (message.clientId !== null && message.senderId === targets.ownId) targets.sender.settle(message.clientId);
  if (message.senderRole === 'customer') targets.typing.heard(conversationId, false);
  targets.threads.receive(conversationId, [message]);
  if (targets.store.applyMessage(message)) targets.inbox.place(conversationId);
  else void targets.rows.read(conversationId);
}

/** Every agent of the business hears of every conversation: only what is shown here, or is this agent's, is read. */
function applyConversation(targets: EventTargets, event: Extract<RealtimeEvent, { type: 'conversation' }>): void {
  const { ownId, store, inbox, threads, rows, own } = targets;
  const id = event.conversationId;
  const known = store.get(id);
  const concernsMe = event.agentId === ownId || known?.agent?.id === ownId;
  if (known !== undefined || concernsMe || inbox.list('all').state !== 'unread') void rows.read(id);
  threads.look(id);
  void (concernsMe ? own.refresh() : own.refreshCounts());
}

/** What an event says is put where it is shown; what it only names is read again. */
export function applyEvent(targets: EventTargets, event: RealtimeEvent): void {
  const { ownId, store, inbox, threads, rows, own, typing } = targets;
  switch (event.type) {
    case 'message':
      applyMessage(targets, event.message);
      void own.refreshCounts();
      return;
    case 'message-announced':
      threads.announce(event.conversationId, event.seq);
      void rows.read(event.conversationId);
      void own.refreshCounts();
      return;
    case 'read':
      if (event.readerRole === 'customer') store.applyCustomerRead(event.conversationId, event.readSeq);
      else if (event.readerId === ownId) store.applyOwnRead(event.conversationId, event.readSeq);
      return;
    case 'delivered':
      if (event.role === 'customer') store.applyCustomerDelivered(event.conversationId, event.deliveredSeq);
      return;
    case 'rating':
      store.applyRating(event.conversationId, event.score);
      return;
    case 'typing':
      typing.heard(event.conversationId, event.typing);
      return;
    case 'conversation':
      applyConversation(targets, event);
      return;
    case 'line-moved':
      if (inbox.list('queue').state !== 'unread') void inbox.list('queue').refresh();
      void own.refreshCounts();
      return;
    case 'assigned':
      void inbox.list('mine').refresh();
      void own.refresh();
      return;
    case 'visitor-presence':
      store.applyCustomerPresence(event.channel, event.online);
      return;
    case 'agent':
      store.applyAgentPresence(event.agentId, event.online);
      if (event.agentId === ownId) own.applyStatus(event.status, event.online);
      return;
    default:
      event satisfies never;
  }
}
