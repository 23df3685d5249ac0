import type { ApiConversation, ApiMessageBody } from '../../../src/front-doors/console-api/wire.ts';
import type { SystemNotice } from './notice-words.ts';

/** One line about the last message, in parts that a component words. */
export type RowPreview =
  | { kind: 'none' }
  | { kind: 'notice'; notice: SystemNotice }
  | { kind: 'said'; by: 'customer' | 'me' | 'colleague'; name: string; body: SaidBody };

type SaidBody = Exclude<ApiMessageBody, { type: 'system' }>;

/** A list shows no more of a text than this. */
const LONGEST = 160;

export function rowPreview(row: Pick<ApiConversation, 'lastMessage'>, ownId: number): RowPreview {
  const last = row.lastMessage;
  if (last === null) return { kind: 'none' };
  if (last.body.type === 'system') return { kind: 'notice', notice: last.body.content };
  const { body, senderName: name } = last;
  if (last.senderRole === 'customer') return { kind: 'said', by: 'customer', name, body };
  return { kind: 'said', by: last.senderId === ownId ? 'me' : 'colleague', name, body };
}

/** A text cut to what one line of a list shows. */
export function oneLine(text: string): string {
  return text.slice(0, LONGEST).replaceAll(/\s+/gu, ' ').trim();
}

/** The host of the page a visitor is on; empty for what is no address. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '';
}
