import type { ApiConversation } from '../../../src/front-doors/console-api/wire.ts';
import type { SystemNotice } from './notice-words.ts';

/** One line about the last message, in parts that a component words. */
export type RowPreview =
  | { kind: 'none' }
  | { kind: 'notice'; notice: SystemNotice }
  | { kind: 'text'; by: 'customer' | 'me' | 'colleague'; name: string; text: string };

/** A list shows no more of a text than this. */
const LONGEST = 160;

export function rowPreview(row: Pick<ApiConversation, 'lastMessage'>, ownId: number): RowPreview {
  const last = row.lastMessage;
  if (last === null) return { kind: 'none' };
  if (last.body.type === 'system') return { kind: 'notice', notice: last.body.content };
  const text = last.body.content.text.slice(0, LONGEST).replaceAll(/\s+/gu, ' ').trim();
  if (last.senderRole === 'customer') return { kind: 'text', by: 'customer', name: last.senderName, text };
  return { kind: 'text', by: last.senderId === ownId ? 'me' : 'colleague', name: last.senderName, text };
}

/** The host of the page a visitor is on; empty for what is no address. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '';
}
