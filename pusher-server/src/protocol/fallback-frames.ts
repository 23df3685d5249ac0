/**
 * The wire of the HTTP fallback: lines of one letter and JSON, each ended by a line feed. `o` opens a session, `a` holds
 * an array of frames, `h` shows that the server is there, `c` closes. The client is pusher-js, src/core/http; SPEC.md T.
 */
export const OPEN_LINE = 'o\n';
export const HEARTBEAT_LINE = 'h\n';
/** Shows life like `h`, but a client that streams does not answer it. */
export const ALIVE_LINE = 'a[]\n';
const LINE_FRAMING_LENGTH = 'a[]\n'.length;

/** A response of more characters (as JavaScript counts them) is left by the client, which asks for the next one. */
export const MAX_STREAM_LENGTH = 262_144;

/** A frame as it stands in an `a` line. One object serves every session that the frame goes to. */
export interface EncodedFrame {
  /** A string of JSON. */
  readonly text: string;
  readonly bytes: number;
}

/** Encodes a frame for `a` lines. */
export function encodeFrame(frame: string): EncodedFrame {
  const text = JSON.stringify(frame);
  return { text, bytes: Buffer.byteLength(text) };
}

/** How long an `a` line of these frames is, given the lengths of their texts. */
export function lineLength(textLengths: number, frames: number): number {
  return LINE_FRAMING_LENGTH + textLengths + frames - 1;
}

/** The line that holds these frames. */
export function framesLine(frames: readonly EncodedFrame[]): string {
  return `a[${frames.map(({ text }) => text).join()}]\n`;
}

/** The last line of a session. */
export function closeLine(code: number, reason: string): string {
  return `c${JSON.stringify([code, reason])}\n`;
}

/** The frames in the body of `xhr_send`, `null` when it is not an array of strings. An empty one is a sign of life. */
export function decodeSentFrames(body: string): readonly string[] | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  return Array.isArray(value) && value.every((frame) => typeof frame === 'string') ? value : null;
}
