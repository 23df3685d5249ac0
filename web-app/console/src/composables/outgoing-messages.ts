import { ApiError, isSignedOut, isTransient } from '../api/api-error.ts';

/** A message that the agent has sent and the server has not acknowledged yet. */
export interface OutgoingMessage {
  /** The name by which the server knows a repetition. */
  clientId: string;
  conversationId: number;
  text: string;
  createdAt: string;
  state: OutgoingState;
}

export type OutgoingState =
  /** On its way, or behind another one. */
  | { kind: 'sending' }
  /** Failed a few times with what may pass; still tried again by itself. */
  | { kind: 'stuck' }
  /** Refused: it will not go by itself. `code` says why. */
  | { kind: 'refused'; code: string };

/** After so many failures in a row the agent is told; before that a hiccup goes unseen. */
const FAILURES_UNSEEN = 2;

/** What becomes of a message after an attempt failed, the `failures`-th in a row. */
export function stateAfterFailure(error: unknown, failures: number): OutgoingState {
  // Signed out: it goes when the agent has signed in again.
  if (isTransient(error) || isSignedOut(error)) {
    return failures > FAILURES_UNSEEN ? { kind: 'stuck' } : { kind: 'sending' };
  }
  return { kind: 'refused', code: error instanceof ApiError ? error.code : 'bad_answer' };
}

/** What can still go, in the order it was written. */
export function nextToSend(outgoing: Iterable<OutgoingMessage>, conversationId: number): OutgoingMessage | null {
  for (const message of outgoing) {
    if (message.conversationId === conversationId && message.state.kind !== 'refused') return message;
  }
  return null;
}

/** What was kept over a reload; anything that is not such a message is null. */
export function readStoredMessage(json: string): OutgoingMessage | null {
  const stored = parse(json);
  if (typeof stored !== 'object' || stored === null) return null;
  const { clientId, conversationId, text, createdAt } = stored as Record<string, unknown>;
  if (typeof clientId !== 'string' || typeof conversationId !== 'number') return null;
  if (typeof text !== 'string' || typeof createdAt !== 'string' || Number.isNaN(Date.parse(createdAt))) return null;
  return { clientId, conversationId, text, createdAt, state: { kind: 'sending' } };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    // Somebody else's, or cut off: not one of ours.
    return null;
  }
}
