import { z } from 'zod';
import type { Fact } from '../../cluster.ts';

/** An entry of a bucket's stream. */
export interface FactEntry {
  readonly id: string;
  /** `null`: written by a version that knows more kinds. */
  readonly fact: Fact | null;
}

const channel = { appId: z.string(), channel: z.string() };
/** Facts that a node alone can state, as they are handed in. */
const handedIn = z.discriminatedUnion('kind', [
  z.object({ ...channel, kind: z.literal('cache_miss') }),
  z.object({
    ...channel,
    kind: z.literal('client_event'),
    event: z.string(),
    data: z.string().nullable(),
    socketId: z.string(),
    userId: z.string().nullable(),
  }),
]);

/**
 * Reads an entry as it came from Redis: its id and a list of fields and values. `j` is the JSON of a fact that a node
 * handed in; those of the scripts have `k` kind, `a` app, `c` channel, and `u` user or `n` number.
 */
export function readFactEntry(raw: unknown): FactEntry | null {
  if (!Array.isArray(raw) || !Array.isArray(raw[1])) return null;
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < raw[1].length; i += 2) fields.set(String(raw[1][i]), String(raw[1][i + 1]));
  return { id: String(raw[0]), fact: readFact(fields) };
}

function readFact(fields: ReadonlyMap<string, string>): Fact | null {
  const json = fields.get('j');
  if (json !== undefined) return readHandedIn(json);
  const kind = fields.get('k');
  const place = { appId: fields.get('a') ?? '', channel: fields.get('c') ?? '' };
  switch (kind) {
    case 'channel_occupied':
    case 'channel_vacated':
      return { kind, ...place };
    case 'member_added':
    case 'member_removed':
      return { kind, ...place, userId: fields.get('u') ?? '' };
    case 'subscription_count':
      return { kind, ...place, count: Number(fields.get('n')) };
    default:
      return null;
  }
}

function readHandedIn(json: string): Fact | null {
  try {
    return handedIn.parse(JSON.parse(json));
  } catch {
    // Nothing that this server has written; whoever reads it cannot send it.
    return null;
  }
}
