import type { Ending } from './call-types.ts';
import { MediaFailure } from './local-media.ts';

/** The server's word for why it refused; empty for what was no refusal. */
export function codeOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** What is said of a call that could not begin. */
export function endingOf(error: unknown): Ending {
  if (error instanceof MediaFailure) return error.problem;
  switch (codeOf(error)) {
    case 'busy':
      return 'busy';
    case 'already_claimed':
      return 'elsewhere';
    case 'conflict':
    case 'forbidden':
    case 'not_found':
    case 'not_your_conversation':
      return 'unavailable';
    case 'rate_limited':
      return 'too-many';
    default:
      return 'unreachable';
  }
}
