import { fileUrl } from '../domain/files/file-url.ts';
import type { MessageContent, ProductCard } from '../domain/model.ts';

/**
 * WoLive's clients put `content` into their pages as HTML. So it is HTML here: made by us from what was said, in which
 * everything that somebody wrote is text. `webUrl` is this server as browsers see it.
 */
export function messageHtml(message: MessageContent, webUrl: string): string {
  switch (message.type) {
    case 'text':
      return asHtml(message.content.text);
    case 'image':
      return `<img src="${addressOf(message.content, webUrl)}" alt="${asAttribute(message.content.name)}">`;
    case 'file': {
      const name = message.content.name;
      return `<a href="${addressOf(message.content, webUrl)}" download="${asAttribute(name)}">${asHtml(name)}</a>`;
    }
    case 'voice': {
      // A page of that time may show no player, and a report never does: what stands inside of it is a link.
      const address = addressOf(message.content, webUrl);
      return `<audio controls src="${address}"><a href="${address}">[语音]</a></audio>`;
    }
    case 'card':
      return cardHtml(message.content);
    case 'call':
      return '[通话]';
    case 'system':
      return '';
    default:
      return message satisfies never;
  }
}

/** A message in words, for lists. */
export function messageWords(message: MessageContent): string {
  switch (message.type) {
    case 'text':
      return asHtml(message.content.text);
    case 'image':
      return '[图片]';
    case 'file':
      return '[文件]';
    case 'voice':
      return '[语音]';
    case 'card':
      return '[商品]';
    case 'call':
      return '[通话]';
    case 'system':
      return '[系统消息]';
    default:
      return message satisfies never;
  }
}

/** HTML that shows exactly this text. */
export function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function asAttribute(text: string): string {
  return asHtml(text).replaceAll('"', '&quot;');
}

function addressOf(file: { key: string; name: string }, webUrl: string): string {
  return asAttribute(`${webUrl}${fileUrl(file)}`);
}

function cardHtml({ title, price, info, url }: ProductCard): string {
  const words = [title, price, info].filter((word) => word !== '').map(asHtml);
  const [name = '', ...more] = words;
  const linked = url === '' ? name : `<a href="${asAttribute(url)}" target="_blank" rel="noopener">${name}</a>`;
  return [linked, ...more].join(' ');
}
