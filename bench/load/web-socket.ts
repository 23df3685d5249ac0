import { connect, type Socket } from 'node:net';
import { clientFrame } from './client-frame.ts';
import { FrameReader } from './frame-reader.ts';
import { readBuffer } from './read-buffer.ts';

const UPGRADE_TIMEOUT_MS = 30_000;
const FRAME_TIMEOUT_MS = 20_000;
/** Masked, with code 1000. */
const CLOSE_FRAME = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]);
const HEAD_END = '\r\n\r\n';

/** A WebSocket client that does as little as it can: no masking, no payload unless it is asked for. */
export class LoadSocket {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  #head: string | null = '';
  #upgraded: () => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  /** Called with how many text frames have just come. */
  onTexts: (count: number) => void = () => undefined;
  /** Ended by the server, or by a fault; not by `destroy`. */
  lost = false;

  private constructor(port: number) {
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (length: number) => {
          this.#read(length);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.#end(error));
    this.#socket.on('close', () => this.#end(new Error('the server closed the connection')));
  }

  /** Connects and upgrades. Rejects when the server refuses or does not answer. */
  static open(port: number, path: string): Promise<LoadSocket> {
    return new Promise((resolve, reject) => {
      const opened = new LoadSocket(port);
      const timer = setTimeout(() => reject(new Error('no answer to an upgrade')), UPGRADE_TIMEOUT_MS);
      opened.#upgraded = () => {
        clearTimeout(timer);
        resolve(opened);
      };
      opened.#failed = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      opened.#socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13${HEAD_END}`,
      );
    });
  }

  /** How many text frames have come since the beginning. */
  get texts(): number {
    return this.#reader.texts;
  }

  /** Hands over each text frame's payload; `null` goes back to counting. */
  set onText(take: ((text: string) => void) | null) {
    this.#reader.onText = take;
  }

  /** Resolves when the socket has had that many text frames since its beginning. Takes the place of `onTexts`. */
  until(count: number): Promise<void> {
    if (this.texts >= count) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('waited too long for a frame')), FRAME_TIMEOUT_MS);
      this.#failed = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.onTexts = () => {
        if (this.texts < count) return;
        clearTimeout(timer);
        this.onTexts = () => undefined;
        this.#failed = () => undefined;
        resolve();
      };
    });
  }

  /** Says good-bye properly; resolves when the server has answered it and the connection has ended. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.end(CLOSE_FRAME);
    });
  }

  send(text: string): void {
    this.#socket.write(clientFrame(text));
  }

  /** Sends bytes that `clientFrame` made before. */
  sendReady(frame: Buffer): void {
    this.#socket.write(frame);
  }

  /** Ends at once, with a reset, so that thousands of closed connections do not hold their ports. */
  destroy(): void {
    this.#failed = () => undefined;
    this.#socket.removeAllListeners('close');
    this.#socket.resetAndDestroy();
  }

  #read(length: number): void {
    if (this.#head === null) {
      this.#count(this.#reader.read(readBuffer, length));
      return;
    }
    const head = this.#head + readBuffer.toString('latin1', 0, length);
    const end = head.indexOf(HEAD_END);
    if (end < 0) {
      this.#head = head;
      return;
    }
    if (!head.startsWith('HTTP/1.1 101')) {
      this.#end(new Error(`the upgrade was answered with ${head.slice(0, head.indexOf('\r\n'))}`));
      return;
    }
    this.#head = null;
    // Whoever waits for the upgrade sets its listeners only later, so frames behind the head are given to it then.
    const rest = Buffer.from(head.slice(end + HEAD_END.length), 'latin1');
    this.#upgraded();
    if (rest.length > 0) setImmediate(() => this.#count(this.#reader.read(rest, rest.length)));
  }

  #count(texts: number): void {
    if (texts > 0) this.onTexts(texts);
    if (this.#reader.closed) this.lost = true;
  }

  #end(error: Error): void {
    this.lost = true;
    this.#failed(error);
  }
}
