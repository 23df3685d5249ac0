import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An HTTP balancer in front of several processes that sends each request to the next of them, so that no session ever
 * stays with one. A request whose process is not there goes to the one after it.
 */
export class RequestBalancer {
  readonly port: number;
  /** How many requests of each operation (`xhr`, `xhr_send`, …) each process got. */
  readonly counts = new Map<string, number[]>();
  readonly #ports: readonly number[];
  readonly #close: () => Promise<void>;
  #next = 0;

  private constructor(port: number, ports: readonly number[], close: () => Promise<void>) {
    this.port = port;
    this.#ports = ports;
    this.#close = close;
  }

  static async before(ports: readonly number[]): Promise<RequestBalancer> {
    let balancer: RequestBalancer | null = null;
    const server = createServer((incoming, response) => balancer?.pass(incoming, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const close = () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    };
    balancer = new RequestBalancer((server.address() as AddressInfo).port, ports, close);
    return balancer;
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** Takes one request. */
  pass(incoming: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => this.#send(incoming, response, Buffer.concat(chunks), this.#next++));
  }

  #send(incoming: IncomingMessage, response: ServerResponse, body: Buffer, turn: number, tries = 1): void {
    const node = turn % this.#ports.length;
    const { method = 'GET', url = '/', headers } = incoming;
    // A connection of its own, so that nothing of one request holds up another.
    const options = {
      port: this.#ports[node],
      method,
      path: url,
      headers: { ...headers, connection: 'close' },
      agent: false,
    };
    const outgoing = request(options, (answer) => {
      this.#count(url, node);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      // Cut off on one side, cut off on the other.
      answer.once('error', () => response.destroy());
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' && tries < this.#ports.length) {
        this.#send(incoming, response, body, turn + 1, tries + 1);
      } else response.destroy();
    });
    response.once('close', () => outgoing.destroy());
    outgoing.end(body);
  }

  #count(url: string, node: number): void {
    const operation = /\/(\w+)(\?|$)/.exec(url)?.[1] ?? '';
    const counts = this.counts.get(operation) ?? this.#ports.map(() => 0);
    counts[node] = (counts[node] ?? 0) + 1;
    this.counts.set(operation, counts);
  }
}
