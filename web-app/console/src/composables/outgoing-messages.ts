import type { ApiFile, ApiMessageBody, SendMessageRequest } from '../../../src/front-doors/console-api/wire.ts';
import { ApiError, isSignedOut, isTransient } from '../api/api-error.ts';
import { MOST_FILE_BYTES } from './file-size.ts';

/** What an agent sends. Of a file that is not uploaded yet `key` is empty, and `url` shows it from memory. */
export type OutgoingBody = Extract<ApiMessageBody, { type: 'text' | 'image' | 'file' }>;

/** A message that the agent has sent and the server has not acknowledged yet. */
export interface OutgoingMessage {
  /** The name by which the server knows a repetition. */
  clientId: string;
  conversationId: number;
  body: OutgoingBody;
  /** What has to be uploaded first; null when there is nothing. */
  file: Blob | null;
  createdAt: string;
  state: OutgoingState;
}

export type OutgoingState =
  /** Its file is on its way: `share` of it, 0 to 1, has gone out. */
  | { kind: 'uploading'; share: number }
  /** On its way, or behind another one. */
  | { kind: 'sending' }
  /** Failed a few times with what may pass; still tried again by itself. */
  | { kind: 'stuck' }
  /** Refused: it will not go by itself. `code` says why. */
  | { kind: 'refused'; code: string };

/** After so many failures in a row the agent is told; before that a hiccup goes unseen. */
const FAILURES_UNSEEN = 2;

/** A second try of these ends as the first did. */
const HOPELESS: readonly string[] = ['too_large', 'empty_file', 'too_long', 'empty_message'];

export function isHopeless(state: OutgoingState): boolean {
  return state.kind === 'refused' && HOPELESS.includes(state.code);
}

/** How a message begins its way. */
export function firstState(file: Blob | null): OutgoingState {
  if (file === null) return { kind: 'sending' };
  if (file.size === 0) return { kind: 'refused', code: 'empty_file' };
  return file.size > MOST_FILE_BYTES ? { kind: 'refused', code: 'too_large' } : { kind: 'uploading', share: 0 };
}

/** What becomes of a message after an attempt failed, the `failures`-th in a row. */
export function stateAfterFailure(error: unknown, failures: number): OutgoingState {
  // Signed out: it goes when the agent has signed in again.
  if (isTransient(error) || isSignedOut(error)) {
    return failures > FAILURES_UNSEEN ? { kind: 'stuck' } : { kind: 'sending' };
  }
  return { kind: 'refused', code: error instanceof ApiError ? error.code : 'bad_answer' };
}

/** The file is at the server. What looked like a picture here may be none there: then it goes as a file. */
export function withStoredFile(
  message: OutgoingMessage,
  { key, url, name, size, width, height }: ApiFile,
): OutgoingMessage {
  const stored = { key, url, name, size };
  const body: OutgoingBody =
    message.body.type === 'image' && width !== null && height !== null
      ? { type: 'image', content: { ...stored, width, height } }
      : { type: 'file', content: stored };
  return { ...message, body, file: null, state: { kind: 'sending' } };
}

/**
 * What can still go, in the order it was written: what waits for its file lets words pass, but no other file, since
 * files that were chosen together arrive in the order of choosing.
 */
export function nextToSend(outgoing: Iterable<OutgoingMessage>, conversationId: number): OutgoingMessage | null {
  let behindUpload = false;
  for (const message of outgoing) {
    if (message.conversationId !== conversationId || message.state.kind === 'refused') continue;
    if (message.state.kind === 'uploading') behindUpload = true;
    else if (message.body.type === 'text' || !behindUpload) return message;
  }
  return null;
}

export function requestOf({ clientId, body }: OutgoingMessage): SendMessageRequest {
  if (body.type === 'text') return { clientId, type: 'text', content: { text: body.content.text } };
  return { clientId, type: body.type, content: { key: body.content.key } };
}

/** What of a message outlives a reload; null while that cannot be: a file is only in this page's memory. */
export function storable({ clientId, conversationId, body, file, createdAt }: OutgoingMessage): string | null {
  return file === null ? JSON.stringify({ clientId, conversationId, body, createdAt }) : null;
}

/** What was kept over a reload; anything that is not such a message is null. */
export function readStoredMessage(json: string): OutgoingMessage | null {
  const stored = parse(json);
  if (!isRecord(stored)) return null;
  const { clientId, conversationId, body, createdAt } = stored;
  if (typeof clientId !== 'string' || typeof conversationId !== 'number' || !isBody(body)) return null;
  if (typeof createdAt !== 'string' || Number.isNaN(Date.parse(createdAt))) return null;
  return { clientId, conversationId, body, file: null, createdAt, state: { kind: 'sending' } };
}

function isBody(body: unknown): body is OutgoingBody {
  if (!isRecord(body) || !isRecord(body['content'])) return false;
  const { content } = body;
  if (body['type'] === 'text') return typeof content['text'] === 'string';
  if (body['type'] !== 'image' && body['type'] !== 'file') return false;
  return ['key', 'url', 'name'].every((field) => typeof content[field] === 'string') && content['key'] !== '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    // Somebody else's, or cut off: not one of ours.
    return null;
  }
}
