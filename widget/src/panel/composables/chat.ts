import { inject, provide, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue';
import type { ApiAgent } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import type { Entry, Product } from '../../bridge/messages.ts';
import type { Row } from '../timeline/rows.ts';
import type { ChatActions } from './chat-actions.ts';
import type { ConnectionState } from './connection.ts';
import type { PreChatAnswers } from './pre-chat.ts';
import type { Signals } from './signals.ts';
import type { Business, PreChatField } from './use-business.ts';
import type { SessionState } from './visitor-session.ts';

/** One visitor's chat as the components show it. */
export interface Chat {
  business: Business;
  session: ShallowRef<SessionState>;
  connection: ComputedRef<ConnectionState>;
  agent: ShallowRef<ApiAgent | null>;
  place: ShallowRef<number | null>;
  /** How long the wait may last, in seconds. */
  estimateS: ShallowRef<number | null>;
  /** The agent is writing. */
  typing: ShallowRef<boolean>;
  rows: ComputedRef<Row[]>;
  unread: ComputedRef<number>;
  loaded: ShallowRef<boolean>;
  loadingOlder: ShallowRef<boolean>;
  draft: ShallowRef<string>;
  /** The article that the page offers to send; null without. */
  product: ShallowRef<Product | null>;
  sound: ShallowRef<boolean>;
  /** Whether the newest message is in view. */
  atEnd: ShallowRef<boolean>;
  visible: ShallowRef<boolean>;
  /** The form before the chat; null without. */
  preChat: ShallowRef<PreChatField[] | null>;
  actions: ChatActions;
  signals: Signals;
  /** The form before the chat was filled in. */
  enter(answers: PreChatAnswers): void;
  send(text: string): void;
  sendFiles(files: readonly File[]): Promise<void>;
  sendVoice(sound: Blob, durationMs: number): void;
  sendProduct(): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  loadOlder(): Promise<void>;
  saveDraft(text: string): void;
  /** A key was pressed in the composer. */
  typed(empty: boolean): void;
  setSound(on: boolean): void;
  /** Another tab changed what is kept. */
  kept(entry: Entry): void;
  show(open: boolean, page: string): void;
  close(): void;
}

const key: InjectionKey<Chat> = Symbol('chat');

/** For the components below. */
export function provideChat(chat: Chat): void {
  provide(key, chat);
}

export function useCurrentChat(): Chat {
  const chat = inject(key);
  if (!chat) throw new Error('provideChat was not called above this component');
  return chat;
}
