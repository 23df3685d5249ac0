import { createHash, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../../domain/errors.ts';
import type { Services } from '../../domain/services.ts';
import { asHtml } from '../../wolive-wire/message-html.ts';

/** A signature of another day says nothing of today. WeChat's clock and ours may differ a little. */
const FRESH_SECONDS = 600;

/** What WeChat adds to its calls: `signature` is the SHA-1 of token, timestamp and nonce, sorted and joined. */
export function isSignedByWeixin(token: string, query: unknown, now: Date): boolean {
  const { signature, timestamp, nonce } = Object(query) as Record<string, unknown>;
  if (typeof signature !== 'string' || typeof timestamp !== 'string' || typeof nonce !== 'string') return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) < FRESH_SECONDS) {
    const text = [token, timestamp, nonce].sort().join('');
    const expected = Buffer.from(createHash('sha1').update(text).digest('hex'));
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
  return false;
}

/** The fields of WeChat's flat XML that are looked at; absent ones are empty. */
interface WeixinMessage {
  ToUserName: string;
  FromUserName: string;
  MsgType: string;
  Content: string;
  Event: string;
  EventKey: string;
}

function weixinMessageIn(xml: string): WeixinMessage {
  return {
    ToUserName: fieldIn(xml, 'ToUserName'),
    FromUserName: fieldIn(xml, 'FromUserName'),
    MsgType: fieldIn(xml, 'MsgType'),
    Content: fieldIn(xml, 'Content'),
    Event: fieldIn(xml, 'Event'),
    EventKey: fieldIn(xml, 'EventKey'),
  };
}

function fieldIn(xml: string, name: string): string {
  const [, sealed, plain] = new RegExp(`<${name}>(?:<!\\[CDATA\\[([^\\]]*)\\]\\]>|([^<]*))</${name}>`).exec(xml) ?? [];
  return (sealed ?? plain ?? '').trim();
}

/** What a QR code of the account says to somebody who scans it and did not follow the account before. */
const SCENE_PREFIX = 'qrscene_';

/**
 * A follower wrote the code to the account, or scanned a QR code that carries it. Answers what WeChat shows to them, as
 * XML; null: nothing.
 */
export async function answerWeixin(services: Pick<Services, 'weixin'>, xml: string, now: Date): Promise<string | null> {
  const message = weixinMessageIn(xml);
  const code = codeIn(message);
  if (code === null || message.FromUserName === '') return null;
  const isBound = await bindByCode(services, code, message.FromUserName);
  if (!isBound && message.MsgType === 'event') return null;
  const words = isBound
    ? '绑定成功：您不在线时，访客的新消息会通知到这里。'
    : '绑定码无效或已过期，请在客服工作台重新获取。';
  return textAnswer(message, words, now);
}

function codeIn({ MsgType, Content, Event, EventKey }: WeixinMessage): string | null {
  switch (MsgType) {
    case 'text':
      return Content;
    case 'event':
      if (Event === 'SCAN') return EventKey;
      return Event === 'subscribe' && EventKey.startsWith(SCENE_PREFIX) ? EventKey.slice(SCENE_PREFIX.length) : null;
    default:
      return null;
  }
}

async function bindByCode({ weixin }: Pick<Services, 'weixin'>, code: string, openId: string): Promise<boolean> {
  try {
    return (await weixin.bindByCode(code, openId)) !== null;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'invalid') return false;
    throw error;
  }
}

function textAnswer({ FromUserName, ToUserName }: WeixinMessage, words: string, now: Date): string {
  return `<xml><ToUserName>${asHtml(FromUserName)}</ToUserName><FromUserName>${asHtml(ToUserName)}</FromUserName><CreateTime>${Math.floor(now.getTime() / 1000)}</CreateTime><MsgType>text</MsgType><Content>${asHtml(words)}</Content></xml>`;
}
