import { connect, type Socket } from 'node:net';
import { readBuffer } from './read-buffer.ts';

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/** One keep-alive connection with at most one request under way. Whatever is not answered with 200 is an error. */
export class HttpConnection {
  readonly #socket: Socket;
  #received = '';
  #answered: (() => void) | null = null;
  #failed: (error: Error) => void = () => undefined;
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
      opened.#failed = reject;
      opened.#socket.once('connect', () => resolve(opened));
    });
  }

  /** Sends a whole request; resolves when it has been answered with 200. */
  request(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) {
        reject(this.#ended);
        return;
      }
      this.#answered = resolve;
      this.#failed = reject;
      this.#socket.write(bytes);
    });
  }

  destroy(): void {
    this.#failed = () => undefined;
    this.#socket.resetAndDestroy();
  }

  #read(length: number): void {
    this.#received += readBuffer.toString('latin1', 0, length);
    const head = this.#received.indexOf(HEAD_END);
    if (head < 0) return;
    const body = Number(LENGTH.exec(this.#received)?.[1] ?? 0);
    if (this.#received.length < head + HEAD_END.length + body) return;
    const answer = this.#received;
    this.#received = '';
    if (answer.startsWith('HTTP/1.1 200')) this.#answered?.();
    else
      this.#failed(new Error(`a request was answered with ${answer.split('\r\n')[0] ?? ''} ${answer.slice(head + 4)}`));
  }

  #end(error: Error): void {
    this.#ended = error;
    this.#failed(error);
  }
}
