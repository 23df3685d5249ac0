import { z } from 'zod';
import type { FallbackReceiver } from '../transport/fallback-receiver.ts';
import type { SendResult } from '../transport/uws-fallback.ts';

/**
 * What two processes say to each other about sessions of the HTTP fallback. The owner of a session is the process that
 * it was opened in. `ref` is a number that the other side, which holds a client's request, has given that request.
 */
export type FallbackMessage =
  /** To the owner: a response is held for the session. Answered with one of the next two. */
  | {
      readonly kind: 'attach';
      readonly ref: number;
      readonly session: string;
      readonly mode: FallbackReceiver['mode'];
    }
  | { readonly kind: 'attached' | 'unknown'; readonly ref: number }
  /** From the owner: lines for the response; those that finish it are its last. */
  | { readonly kind: 'write' | 'finish'; readonly ref: number; readonly text: string }
  /** To the owner: so many more bytes are on their way to the client; `drained`: it reads again after it did not. */
  | { readonly kind: 'progress'; readonly ref: number; readonly bytes: number; readonly drained: boolean }
  /** To the owner: the client has left the response, or the response has to be given back. */
  | { readonly kind: 'gone' | 'release'; readonly ref: number }
  /** To the owner: the body of a client's `xhr_send`. Repeated until it is answered with the next. */
  | { readonly kind: 'send'; readonly ref: number; readonly session: string; readonly text: string }
  | { readonly kind: 'sent'; readonly ref: number; readonly result: SendResult };

/**
 * Between the messages, without a number of their own. `alive` tells the number of the last message that was sent and of
 * the last that was heard; `asks` for the same. `reset`: everything that both had to do with each other is over.
 */
export type PeerSign =
  | { readonly kind: 'alive'; readonly sent: number; readonly heard: number; readonly asks: boolean }
  | { readonly kind: 'reset' };

/** A message with its sender and its number among those from this sender to this receiver, from 1. */
export type Numbered = { readonly from: string; readonly number: number; readonly message: FallbackMessage };
export type Signed = { readonly from: string; readonly sign: PeerSign };

const whole = z.int().min(0);
const ref = whole;
const headSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('attach'), ref, session: z.string(), mode: z.enum(['streaming', 'polling']) }),
  z.object({ kind: z.enum(['attached', 'unknown', 'gone', 'release']), ref }),
  z.object({ kind: z.enum(['write', 'finish']), ref }),
  z.object({ kind: z.literal('progress'), ref, bytes: whole, drained: z.boolean() }),
  z.object({ kind: z.literal('send'), ref, session: z.string() }),
  z.object({ kind: z.literal('sent'), ref, result: z.enum(['taken', 'unknown-session', 'no-frames', 'overloaded']) }),
  z.object({ kind: z.literal('alive'), sent: whole, heard: whole, asks: z.boolean() }),
  z.object({ kind: z.literal('reset') }),
]);
const senderSchema = z.object({ from: z.string(), number: whole });

/** One line of JSON, and below it the text as it is. */
export function encodeMessage(from: string, number: number, message: FallbackMessage | PeerSign): string {
  const { text = '', ...head } = { text: undefined, ...message };
  return `${JSON.stringify({ from, number, ...head })}\n${text}`;
}

/** `null` for what this version does not understand. */
export function decodeMessage(encoded: string): Numbered | Signed | null {
  const end = encoded.indexOf('\n');
  let head: unknown;
  try {
    head = JSON.parse(encoded.slice(0, end));
  } catch {
    return null;
  }
  const sender = senderSchema.safeParse(head).data;
  const message = headSchema.safeParse(head).data;
  if (end < 0 || sender === undefined || message === undefined) return null;
  const { from, number } = sender;
  switch (message.kind) {
    case 'alive':
    case 'reset':
      return { from, sign: message };
    case 'write':
    case 'finish':
    case 'send':
      return { from, number, message: { ...message, text: encoded.slice(end + 1) } };
    default:
      return { from, number, message };
  }
}
