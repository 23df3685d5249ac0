import { ApiError, isTransient } from '../api/api-error.ts';

export type SignInRefusal =
  | { kind: 'wrong' }
  /** Too many wrong ones: locked for so many more minutes. */
  | { kind: 'throttled'; minutes: number }
  | { kind: 'unreachable' }
  | { kind: 'failed' };

/** As long as the server locks when it does not say how long. */
const LOCK_MINUTES = 15;

export function signInRefusal(error: unknown): SignInRefusal {
  if (!(error instanceof ApiError)) return { kind: 'failed' };
  if (error.status === 429) {
    return { kind: 'throttled', minutes: error.retryAfter === null ? LOCK_MINUTES : Math.ceil(error.retryAfter / 60) };
  }
  if (error.status === 401 || error.status === 422) return { kind: 'wrong' };
  return isTransient(error) ? { kind: 'unreachable' } : { kind: 'failed' };
}
