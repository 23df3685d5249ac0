import { connect, type Socket } from 'node:net';
import { readBuffer } from './read-buffer.ts';

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * One keep-alive connection. Answers come in the order of the requests, so one may be sent before the last has been
 * answered. Whatever is not answered with 200 is an error.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received = '';
  readonly #waiting: Waiting[] = [];
  #ended: Error | null = null;

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
    this.#socket.on('close', () => this.#end(new Error('the server closed an HTTP connection')));
  }

  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const opened = new HttpConnection(port);
      opened.#waiting.push({ resolve: () => resolve(opened), reject });
      opened.#socket.once('connect', () => opened.#waiting.shift()?.resolve());
    });
  }

  /** Sends a whole request; resolves when it has been answered with 200. */
  request(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) {
        reject(this.#ended);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#socket.write(bytes);
    });
  }

  destroy(): void {
    this.#waiting.length = 0;
    this.#socket.resetAndDestroy();
  }

  #read(length: number): void {
    this.#received += readBuffer.toString('latin1', 0, length);
    for (;;) {
      const head = this.#received.indexOf(HEAD_END);
      if (head < 0) return;
      const size = head + HEAD_END.length + Number(LENGTH.exec(this.#received.slice(0, head))?.[1] ?? 0);
      if (this.#received.length < size) return;
      const answer = this.#received.slice(0, size);
      this.#received = this.#received.slice(size);
      const waiting = this.#waiting.shift();
      if (answer.startsWith('HTTP/1.1 200')) waiting?.resolve();
      else waiting?.reject(new Error(`a request was answered with ${answer.replaceAll('\r\n', ' ')}`));
    }
  }

  #end(error: Error): void {
    this.#ended = error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
