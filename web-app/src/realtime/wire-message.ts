import { fileUrl } from '../domain/files/file-url.ts';
import type { MessageCreated } from '../domain/events.ts';
import { asHtml, messageHtml, messageWords } from '../wolive-wire/message-html.ts';
import { beginning } from './event-size.ts';
import type { LegacyAgentMessage, LegacyVisitorMessage, WireBody, WireMessage } from './wire-events.ts';

/** How much of a text stays in an event that would be too large. */
const PREVIEW_CHARACTERS = 200;

export function wireMessage(event: MessageCreated): WireMessage {
  const { message, sender } = event;
  return {
    id: message.id,
    conversationId: message.conversationId,
    seq: message.seq,
    senderId: message.senderId,
    senderRole: message.senderRole,
    senderName: sender?.nickname ?? '',
    senderAvatar: sender?.avatar ?? '',
    clientId: message.clientId,
    createdAt: message.createdAt,
    body: wireBody(message),
  };
}

function wireBody(message: MessageCreated['message']): WireBody {
  switch (message.type) {
    case 'text':
      return { type: 'text', content: message.content };
    case 'image':
      return { type: 'image', content: withUrl(message.content) };
    case 'file':
      return { type: 'file', content: withUrl(message.content) };
    case 'voice':
      return { type: 'voice', content: withUrl(message.content) };
    case 'card':
      return { type: 'card', content: message.content };
    case 'call':
      return { type: 'call', content: message.content };
    case 'system':
      return { type: 'system', content: message.content };
    default:
      return message satisfies never;
  }
}

function withUrl<Content extends { key: string; name: string }>(content: Content): Content & { url: string } {
  return { ...content, url: fileUrl(content) };
}

/** What WoLive's agent console reads of a visitor's message (spec wolive, Realtime events). */
export function legacyVisitorMessage(event: MessageCreated, agentId: number, webUrl: string): LegacyVisitorMessage {
  return {
    visiter_id: event.to.customerUid,
    service_id: agentId,
    business_id: event.to.businessSlug,
    channel: event.to.customerChannel,
    content: messageHtml(event.message, webUrl),
    avatar: event.sender?.avatar ?? '',
    record: event.page,
    timestamp: unixSeconds(event.message.createdAt),
  };
}

/** What WoLive's visitor page reads of an agent's message. */
export function legacyAgentMessage(event: MessageCreated, webUrl: string): LegacyAgentMessage {
  return {
    visiter_id: event.to.customerUid,
    service_id: event.message.senderId ?? 0,
    business_id: event.to.businessSlug,
    content: messageHtml(event.message, webUrl),
    avatar: event.sender?.avatar ?? '',
    direction: 'to_visiter',
    timestamp: unixSeconds(event.message.createdAt),
  };
}

/** The message announced by id and `seq`, with the beginning of its text; the receiver reads the rest from the store. */
export function shortened<
  Message extends WireMessage & Partial<Pick<LegacyVisitorMessage, 'content' | 'record' | 'avatar'>>,
>(message: Message): Message & { truncated: true } {
  const { body, senderName, senderAvatar, content, record, avatar } = message;
  return {
    ...message,
    truncated: true,
    senderName: preview(senderName),
    senderAvatar: shortAddress(senderAvatar),
    body: shortBody(body),
    ...(content !== undefined && { content: shortHtml(body, content) }),
    ...(record !== undefined && { record: shortAddress(record) }),
    ...(avatar !== undefined && { avatar: shortAddress(avatar) }),
  };
}

function shortBody(body: WireBody): WireBody {
  switch (body.type) {
    case 'text':
      return { type: 'text', content: { text: preview(body.content.text) } };
    case 'card': {
      const { pid, title, info, price, url, image } = body.content;
      const words = { pid: preview(pid), title: preview(title), info: preview(info), price: preview(price) };
      return { type: 'card', content: { ...words, url: shortAddress(url), image: shortAddress(image) } };
    }
    default:
      return body;
  }
}

/** HTML that was cut might end within a tag: what is said of it is made anew. What names a file is never long. */
function shortHtml(body: WireBody, html: string): string {
  switch (body.type) {
    case 'text':
      return asHtml(preview(body.content.text));
    case 'card':
      return messageWords(body);
    default:
      return html;
  }
}

function preview(text: string): string {
  return beginning(text, PREVIEW_CHARACTERS);
}

/** An address that was cut would lead elsewhere: it goes whole or not at all. */
function shortAddress(address: string): string {
  return address.length > PREVIEW_CHARACTERS ? '' : address;
}

function unixSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
