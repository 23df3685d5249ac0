import type { Entry } from '../../bridge/messages.ts';
import type { KnownVisitor } from '../api/credentials.ts';
import type { PendingMessage } from '../timeline/rows.ts';

/**
 * What the panel keeps in the host page's storage: `visitor`, `draft`, `sound`, and `pending.<clientId>` for each message on
 * its way, one entry each so that tabs do not overwrite one another's.
 */
export interface SavedState {
  visitor: KnownVisitor | null;
  draft: string;
  /** The visitor wants to hear of new messages. */
  sound: boolean;
  pending: PendingMessage[];
}

const PENDING = 'pending.';

/** What does not read as ours counts as not there. */
export function readEntries(entries: readonly Entry[]): SavedState {
  const state: SavedState = { visitor: null, draft: '', sound: true, pending: [] };
  for (const { key, value } of entries) {
    if (key === 'visitor') state.visitor = readVisitor(parse(value));
    if (key === 'draft') state.draft = value;
    if (key === 'sound') state.sound = value !== 'off';
    if (key.startsWith(PENDING)) state.pending.push(...readPending(key.slice(PENDING.length), parse(value)));
  }
  state.pending.sort((a, b) => a.at - b.at);
  return state;
}

export function visitorEntry(visitor: KnownVisitor): Entry {
  return { key: 'visitor', value: JSON.stringify(visitor) };
}

/** Null for what cannot be kept: a file's bytes live in this page alone. */
export function pendingEntry({ clientId, body, at }: PendingMessage): Entry | null {
  if (body.type !== 'text') return null;
  return { key: PENDING + clientId, value: JSON.stringify({ text: body.content.text, at }) };
}

export function noPendingEntry(clientId: string): Entry {
  return { key: PENDING + clientId, value: '' };
}

function readVisitor({ visitorId, token }: Record<string, unknown>): KnownVisitor | null {
  return typeof visitorId === 'string' && typeof token === 'string' ? { visitorId, token } : null;
}

function readPending(clientId: string, { text, at }: Record<string, unknown>): PendingMessage[] {
  if (typeof text !== 'string' || typeof at !== 'number') return [];
  return [
    {
      clientId,
      body: { type: 'text', content: { text } },
      file: null,
      at,
      afterSeq: 0,
      state: { kind: 'sending', slow: false },
    },
  ];
}

function parse(value: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(value) as object) };
  } catch {
    // Somebody else's text.
    return {};
  }
}
