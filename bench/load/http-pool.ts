import { HttpConnection } from './http-connection.ts';

/** Keep-alive connections, new ones for each run: a server ends those that were idle through the others' rounds. */
export class HttpPool {
  readonly #port: number;
  readonly #size: number;
  connections: readonly HttpConnection[] = [];

  constructor(port: number, size: number) {
    this.#port = port;
    this.#size = size;
  }

  async renew(): Promise<void> {
    this.destroy();
    this.connections = await Promise.all(Array.from({ length: this.#size }, () => HttpConnection.open(this.#port)));
  }

  destroy(): void {
    for (const connection of this.connections) connection.destroy();
    this.connections = [];
  }
}
