import { DomainError, type DomainErrorCode } from '../../domain/errors.ts';
import { refusedStatus } from '../front-door.ts';
import { RateLimited } from '../rate-limits.ts';

/** What every call answers. `data` and what else stands beside it as the call's rule says. */
export interface Reply {
  code: number;
  msg: string;
  data?: unknown;
  [more: string]: unknown;
}

export const success = (data: unknown, msg = ''): Reply => ({ code: 0, msg, data });

/** A reply that goes with another HTTP status than 200. */
export interface Refusal {
  status: number;
  reply: Reply;
}

/** The one table from the domain's refusals to words. */
export const WORDS: Record<DomainErrorCode, string> = {
  not_found: '没有找到对应的访客、对话或分组',
  forbidden: '没有权限',
  unauthorized: '用户名、密码或 visitor_token 不正确',
  invalid: '参数错误',
  too_long: '内容过长',
  empty_message: '消息不能为空',
  business_closed: '该网站已经停止客服咨询！',
  already_claimed: '该访客已被认领',
  not_your_conversation: '该访客不在您的对话列表中',
  over_capacity: '接待人数已达上限',
  blacklisted: '您已被加入黑名单',
  token_required: '缺少有效的 visitor_token',
  conflict: '数据冲突，请重试',
  busy: '对方正在通话中',
  rate_limited: '操作过于频繁，请稍后再试',
};

/** Refusals that are not HTTP 200. */
const STATUS: Partial<Record<DomainErrorCode, number>> = { forbidden: 403, rate_limited: 429 };

/** Over a limit the code is 3 for every call. */
const CODE_OVER_LIMIT = 3;

/** A refusal for which a call has better words than the table. */
class WordedRefusal extends DomainError {
  constructor(refusal: DomainError, words: string) {
    super(refusal.code, words, { cause: refusal });
  }
}

/** Does what a call asks, and words its refusals as that call does. */
export async function inWords<T>(words: Partial<Record<DomainErrorCode, string>>, job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    const better = error instanceof DomainError ? words[error.code] : undefined;
    if (better === undefined || !(error instanceof DomainError)) throw error;
    throw new WordedRefusal(error, better);
  }
}

/**
 * @param failureCode what this call answers for failures that have no code of their own
 * @returns null for an unexpected error, on which the app has the last word
 */
export function refusalOf(error: unknown, failureCode: number): Refusal | null {
  if (error instanceof RateLimited) {
    const msg = `操作过于频繁，请 ${error.retryAfterSeconds} 秒后再试`;
    return { status: 429, reply: { code: CODE_OVER_LIMIT, msg } };
  }
  if (error instanceof DomainError) {
    return { status: STATUS[error.code] ?? 200, reply: { code: failureCode, msg: wordsOf(error) } };
  }
  switch (refusedStatus(error)) {
    case null:
      return null;
    case 413:
      return { status: 413, reply: { code: failureCode, msg: '提交的内容过大' } };
    default:
      return { status: 200, reply: { code: failureCode, msg: '参数错误：无法解析请求' } };
  }
}

function wordsOf(error: DomainError): string {
  if (error instanceof WordedRefusal) return error.message;
  return error.code === 'invalid' ? `${WORDS.invalid}：${error.message}` : WORDS[error.code];
}
