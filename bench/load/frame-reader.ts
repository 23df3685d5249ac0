/** Header of a server's frame without a mask: two bytes, and up to eight more for the length. RFC 6455 §5.2. */
const MAX_HEADER = 10;
const TEXT = 1;
const CLOSE = 8;

/**
 * Reads what a server sends on one WebSocket and counts its text frames by their headers alone. A payload is put
 * together only while `onText` is set, so that counting costs the load generator next to nothing.
 */
export class FrameReader {
  readonly #header = new Uint8Array(MAX_HEADER);
  #headerBytes = 0;
  /** Bytes of the present frame's payload that have not come yet. */
  #left = 0;
  #opcode = 0;
  #payload: Buffer[] = [];
  /** Text frames that have come whole. */
  texts = 0;
  /** The server's close frame has come. */
  closed = false;
  onText: ((text: string) => void) | null = null;

  /** Takes the first `length` bytes of `bytes`, which stay the caller's. Returns how many text frames they completed. */
  read(bytes: Buffer, length: number): number {
    const before = this.texts;
    let position = 0;
    while (position < length) {
      if (this.#left > 0) position += this.#skip(bytes, position, length);
      else position += this.#takeHeader(bytes, position, length);
    }
    return this.texts - before;
  }

  #skip(bytes: Buffer, position: number, length: number): number {
    const taken = Math.min(this.#left, length - position);
    if (this.onText !== null) this.#payload.push(Buffer.from(bytes.subarray(position, position + taken)));
    this.#left -= taken;
    if (this.#left === 0) this.#complete();
    return taken;
  }

  #takeHeader(bytes: Buffer, position: number, length: number): number {
    let taken = 0;
    while (position + taken < length) {
      this.#header[this.#headerBytes++] = bytes[position + taken++] ?? 0;
      if (this.#headerBytes === headerSize(this.#header, this.#headerBytes)) {
        this.#begin();
        break;
      }
    }
    return taken;
  }

  #begin(): void {
    this.#opcode = (this.#header[0] ?? 0) & 0x0f;
    this.#left = payloadSize(this.#header);
    this.#headerBytes = 0;
    if (this.#left === 0) this.#complete();
  }

  #complete(): void {
    if (this.#opcode === CLOSE) this.closed = true;
    if (this.#opcode !== TEXT) {
      this.#payload = [];
      return;
    }
    this.texts += 1;
    if (this.onText === null) return;
    const text = Buffer.concat(this.#payload).toString();
    this.#payload = [];
    this.onText(text);
  }
}

/** How long the header will be, as far as `known` bytes of it tell; 0 while they do not. */
function headerSize(header: Uint8Array, known: number): number {
  if (known < 2) return 0;
  const length = (header[1] ?? 0) & 0x7f;
  return length === 127 ? 10 : length === 126 ? 4 : 2;
}

function payloadSize(header: Uint8Array): number {
  const view = new DataView(header.buffer, header.byteOffset, MAX_HEADER);
  const length = (header[1] ?? 0) & 0x7f;
  if (length === 126) return view.getUint16(2);
  return length === 127 ? Number(view.getBigUint64(2)) : length;
}
