/** What the two browsers of a call tell each other, as client events `client-signal`. */
export type Signal =
  | { description: RTCSessionDescriptionInit }
  | { candidates: RTCIceCandidateInit[] }
  /** What of the sender's is on. */
  | { media: { microphone: boolean; camera: boolean } };

export const SIGNAL_EVENT = 'client-signal';

/** One event. What does not fit into one travels in parts, which are put together in any order. */
export type Packet = { room: string } & (Signal | { part: Part });

interface Part {
  /** The same for all parts of one signal. */
  id: string;
  index: number;
  count: number;
  /** A piece of the signal's JSON. */
  text: string;
}

/** The server takes 10 KB of an event; what is around the signal counts too. */
const WHOLE_BYTES = 8_000;
/** Inside a part the text is JSON within JSON: in the worst case each character takes two. */
const PART_CHARACTERS = 3_500;
/** No description of a call is longer. */
const MOST_PARTS = 50;
/** Begun and not finished, from a sender that lost the rest. */
const MOST_UNFINISHED = 4;

export function packetsOf(room: string, signal: Signal, id: string): Packet[] {
  const text = JSON.stringify(signal);
  if (new TextEncoder().encode(text).length <= WHOLE_BYTES) return [{ room, ...signal }];
  const count = Math.ceil(text.length / PART_CHARACTERS);
  return Array.from({ length: count }, (_, index) => {
    const piece = text.slice(index * PART_CHARACTERS, (index + 1) * PART_CHARACTERS);
    return { room, part: { id, index, count, text: piece } };
  });
}

/** Makes signals of a room's packets again. What is no packet of the room, or no signal, is null. */
export class SignalReader {
  readonly #room: string;
  readonly #unfinished = new Map<string, string[]>();

  constructor(room: string) {
    this.#room = room;
  }

  read(data: unknown): Signal | null {
    const packet = asFields(data);
    if (packet['room'] !== this.#room) return null;
    return packet['part'] === undefined ? signalOf(packet) : this.#collect(asFields(packet['part']));
  }

  #collect({ id, index, count, text }: Record<string, unknown>): Signal | null {
    if (typeof id !== 'string' || typeof text !== 'string' || !isCount(index) || !isCount(count)) return null;
    if (count > MOST_PARTS || index >= count) return null;
    const pieces = this.#unfinished.get(id) ?? [];
    this.#unfinished.set(id, pieces);
    pieces[index] = text;
    if (Object.keys(pieces).length < count) {
      const [oldest] = this.#unfinished.keys();
      if (this.#unfinished.size > MOST_UNFINISHED && oldest !== undefined) this.#unfinished.delete(oldest);
      return null;
    }
    this.#unfinished.delete(id);
    return signalOf(asFields(parsed(pieces.join(''))));
  }
}

function signalOf({ description, candidates, media }: Record<string, unknown>): Signal | null {
  const { type, sdp } = asFields(description);
  if ((type === 'offer' || type === 'answer') && typeof sdp === 'string') return { description: { type, sdp } };
  if (Array.isArray(candidates)) {
    const found = candidates.filter((each): each is RTCIceCandidateInit => {
      return typeof asFields(each)['candidate'] === 'string';
    });
    return { candidates: found };
  }
  const { microphone, camera } = asFields(media);
  if (typeof microphone === 'boolean' && typeof camera === 'boolean') return { media: { microphone, camera } };
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function asFields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
