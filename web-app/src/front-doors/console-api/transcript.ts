import type { Business } from '../../domain/model.ts';
import { asHtml } from '../../wolive-wire/message-html.ts';
import type { ApiMessage, ApiMessageBody } from './wire.ts';

/** What a transcript is written for: its language and clocks are the business's. */
interface Reader {
  business: Pick<Business, 'name' | 'locale' | 'timezone'>;
  /** This server as browsers see it. */
  webUrl: string;
}

type Notice = Extract<ApiMessageBody, { type: 'system' }>['content'];
type Call = Extract<ApiMessageBody, { type: 'call' }>['content'];

interface Words {
  transcript: string;
  system: string;
  image: string;
  file: string;
  voice: string;
  product: string;
  call(call: Call): string;
  notice(notice: Notice): string;
}

const en: Words = {
  transcript: 'Conversation with',
  system: 'System',
  image: 'Image',
  file: 'File',
  voice: 'Voice message',
  product: 'Product',
  call: ({ kind, outcome, durationS }) => `${kind === 'video' ? 'Video' : 'Voice'} call, ${outcome}, ${durationS} s`,
  notice: (notice) => {
    switch (notice.notice) {
      case 'assigned':
        return `${notice.agentName} joined`;
      case 'transferred':
        return `${notice.byName} handed over to ${notice.agentName}`;
      case 'closed':
        return 'The conversation was closed';
      case 'rating_requested':
        return 'A rating was asked for';
      case 'rated':
        return `Rated ${notice.score} of 5`;
      default:
        return notice satisfies never;
    }
  },
};

const OUTCOMES: Record<Call['outcome'], string> = { ended: '已结束', missed: '未接听', refused: '已拒绝' };

const zh: Words = {
  transcript: '对话记录：',
  system: '系统',
  image: '图片',
  file: '文件',
  voice: '语音',
  product: '商品',
  call: ({ kind, outcome, durationS }) =>
    `${kind === 'video' ? '视频' : '语音'}通话，${OUTCOMES[outcome]}，${durationS} 秒`,
  notice: (notice) => {
    switch (notice.notice) {
      case 'assigned':
        return `${notice.agentName} 开始接待`;
      case 'transferred':
        return `${notice.byName} 将对话转接给 ${notice.agentName}`;
      case 'closed':
        return '对话已结束';
      case 'rating_requested':
        return '客服邀请评价';
      case 'rated':
        return `已评价：${notice.score} 分（满分 5 分）`;
      default:
        return notice satisfies never;
    }
  },
};

/** What one message comes to: words, and where they lead. */
interface Line {
  words: string;
  href: string | null;
}

/** A line a message: time, sender, words, and the address of what is no text. */
export function transcriptText(messages: readonly ApiMessage[], reader: Reader): string {
  const words = wordsFor(reader);
  const lines = messages.map((message) => {
    const { words: said, href } = lineOf(message.body, words, reader.webUrl);
    return `[${timeOf(message, reader)}] ${senderOf(message, words)}: ${said}${href === null ? '' : ` ${href}`}`;
  });
  return `${[`${words.transcript} ${reader.business.name}`, '', ...lines].join('\n')}\n`;
}

/** A page that stands by itself; everything that somebody wrote is text in it. */
export function transcriptHtml(messages: readonly ApiMessage[], reader: Reader): string {
  const words = wordsFor(reader);
  const title = asHtml(`${words.transcript} ${reader.business.name}`);
  const rows = messages.map((message) => {
    const { words: said, href } = lineOf(message.body, words, reader.webUrl);
    const shown = asHtml(said).replaceAll('\n', '<br>');
    const linked = href === null ? shown : `<a href="${asAttribute(href)}" rel="noopener">${shown}</a>`;
    return `<p><time>${timeOf(message, reader)}</time> <b>${asHtml(senderOf(message, words))}</b> ${linked}</p>`;
  });
  return [
    '<!doctype html>',
    `<html lang="${asAttribute(reader.business.locale)}">`,
    `<head><meta charset="utf-8"><title>${title}</title>`,
    '<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}time{color:#666}</style>',
    `</head><body><h1>${title}</h1>`,
    ...rows,
    '</body></html>',
    '',
  ].join('\n');
}

function wordsFor({ business }: Reader): Words {
  return business.locale.toLowerCase().startsWith('zh') ? zh : en;
}

function senderOf({ senderRole, senderName }: ApiMessage, words: Words): string {
  return senderRole === 'system' ? words.system : senderName;
}

function timeOf({ createdAt }: ApiMessage, { business }: Reader): string {
  return new Date(createdAt).toLocaleString('sv-SE', { timeZone: business.timezone });
}

function lineOf(body: ApiMessageBody, words: Words, webUrl: string): Line {
  switch (body.type) {
    case 'text':
      return { words: body.content.text, href: null };
    case 'image':
      return { words: `[${words.image}] ${body.content.name}`, href: webUrl + body.content.url };
    case 'file':
      return { words: `[${words.file}] ${body.content.name}`, href: webUrl + body.content.url };
    case 'voice':
      return { words: `[${words.voice}]`, href: webUrl + body.content.url };
    case 'card': {
      const { title, price, info, url } = body.content;
      const said = [title, price, info].filter((word) => word !== '').join(' ');
      return { words: `[${words.product}] ${said}`, href: url === '' ? null : url };
    }
    case 'call':
      return { words: words.call(body.content), href: null };
    case 'system':
      return { words: words.notice(body.content), href: null };
    default:
      return body satisfies never;
  }
}

function asAttribute(text: string): string {
  return asHtml(text).replaceAll('"', '&quot;');
}
