import { z } from 'zod';

export interface WeixinAccount {
  appId: string;
  appSecret: string;
  /** Where the API is, without a slash at the end. */
  apiUrl: string;
}

/** What became of a call. `refused`: it will never be taken as it is. `failed`: the same may go well later. */
export type WeixinOutcome = { kind: 'done' } | { kind: 'refused' | 'failed'; reason: string };

/** A message by a template of the official account. */
export interface TemplateMessage {
  touser: string;
  template_id: string;
  url: string;
  data: Record<string, { value: string }>;
}

/** WeChat's HTTP API, as far as it is used here. */
export interface WeixinApi {
  sendTemplate(message: TemplateMessage): Promise<WeixinOutcome>;
  /** What is under way fails at once. */
  close(): void;
}

const TIMEOUT_MS = 5000;
/** A token is not used for its last minutes: it might end on the way. At most half of a short life. */
const TOKEN_MARGIN_S = 300;

/** The token is not valid, or not any more. */
const TOKEN_REFUSED = new Set([40_001, 40_014, 42_001]);
/** The system is busy; too many calls of the account, in a minute or on this day. */
const TRY_LATER = new Set([-1, 45_009, 45_011, 45_047, 48_003]);

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
const answer = z.object({ errcode: z.number().default(0), errmsg: z.string().default('') });

interface Token {
  text: string;
  /** On this process's own clock, in ms. */
  until: number;
}

/** A call that brought no answer that can be read. */
class NoAnswer extends Error {}

/**
 * Talks to the API with a token that is fetched when it is first needed and kept until shortly before it ends. No
 * reason names a token or the secret: both travel in addresses.
 */
export function createWeixinApi({ appId, appSecret, apiUrl }: WeixinAccount, now: () => number = Date.now): WeixinApi {
  let token: Token | null = null;
  let fetching: Promise<Token> | null = null;
  const closing = new AbortController();

  async function freshToken(): Promise<Token> {
    const query = new URLSearchParams({ grant_type: 'client_credential', appid: appId, secret: appSecret });
    const body = await read(`${apiUrl}/cgi-bin/token?${query}`, {}, closing.signal);
    const given = tokenAnswer.safeParse(body);
    if (!given.success) throw new NoAnswer(`no token: ${wordsOf(body)}`);
    const { access_token: text, expires_in: seconds } = given.data;
    return { text, until: now() + Math.max(seconds - TOKEN_MARGIN_S, seconds / 2) * 1000 };
  }

  /** One request for however many who need a token at once. */
  async function validToken(): Promise<string> {
    if (token !== null && token.until > now()) return token.text;
    fetching ??= freshToken().finally(() => {
      fetching = null;
    });
    token = await fetching;
    return token.text;
  }

  async function post(path: string, message: object): Promise<WeixinOutcome> {
    for (const isLast of [false, true]) {
      const used = await validToken();
      const query = new URLSearchParams({ access_token: used });
      const request = {
        method: 'POST',
        headers: { 'Content-Type': 'application/json; charset=utf-8' },
        body: JSON.stringify(message),
      };
      const body = await read(`${apiUrl}${path}?${query}`, request, closing.signal);
      const given = answer.safeParse(body);
      if (!given.success) throw new NoAnswer(`no answer: ${wordsOf(body)}`);
      const { errcode } = given.data;
      if (errcode === 0) return { kind: 'done' };
      const reason = wordsOf(body);
      if (!TOKEN_REFUSED.has(errcode)) return { kind: TRY_LATER.has(errcode) ? 'failed' : 'refused', reason };
      if (token?.text === used) token = null;
      if (isLast) return { kind: 'failed', reason };
    }
    throw new Error('a loop of two ended without an answer');
  }

  return {
    close: () => closing.abort(),

    async sendTemplate(message) {
      try {
        return await post('/cgi-bin/message/template/send', message);
      } catch (error) {
        return { kind: 'failed', reason: reasonOf(error) };
      }
    },
  };
}

/** The answer's JSON, whatever it says. */
async function read(address: string, request: RequestInit, closing: AbortSignal): Promise<unknown> {
  const text = await withinTime(closing, async (signal) => {
    const response = await fetch(address, { ...request, signal, redirect: 'error' });
    const body = await response.text();
    if (!response.ok) throw new NoAnswer(`status ${response.status}`);
    return body;
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NoAnswer('the answer is no JSON', { cause });
  }
}

/** `AbortSignal.any` would leave a reference at `closing` for every request, as long as the server runs. */
async function withinTime<Result>(
  closing: AbortSignal,
  request: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  closing.throwIfAborted();
  const own = new AbortController();
  const closed = () => own.abort(closing.reason);
  closing.addEventListener('abort', closed);
  const late = setTimeout(() => own.abort(new DOMException('no answer', 'TimeoutError')), TIMEOUT_MS);
  try {
    return await request(own.signal);
  } finally {
    clearTimeout(late);
    closing.removeEventListener('abort', closed);
  }
}

/** Never the body itself: it may hold a token. */
function wordsOf(body: unknown): string {
  const given = answer.safeParse(body);
  return given.success ? `${given.data.errcode} ${given.data.errmsg.slice(0, 200)}` : 'not in its form';
}

function reasonOf(error: unknown): string {
  if (error instanceof NoAnswer) return error.message;
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS} ms`;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}
