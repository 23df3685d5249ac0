import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { z } from 'zod';

const bodySchema = z.object({
  events: z.array(z.looseObject({ name: z.string(), channel: z.string(), user_id: z.string().optional() })),
});

/** One request to the receiver. */
export interface Delivery {
  readonly id: string;
  readonly body: string;
  /** Its events as `name channel user`. */
  readonly lines: readonly string[];
  /** The connection on which it came; it is gone when its sender was killed. */
  readonly socket: Socket;
}

/** Longer than the longest that a sender's death, or an empty Redis, can make a fact wait. */
const PATIENCE_MS = 15_000;

interface Waiter {
  readonly condition: () => boolean;
  readonly done: () => void;
}

/**
 * A webhook receiver that keeps every request, and can hold its answers back. What a test reads as told counts a
 * delivery id once; that a repetition has the same bytes is checked when it comes, and its failure is kept in `faults`.
 */
export class Receiver {
  readonly url: string;
  readonly deliveries: Delivery[] = [];
  readonly faults: string[] = [];
  readonly #server;
  readonly #waiters = new Set<Waiter>();
  #held: ServerResponse[] | null = null;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#take(request, response));
  }

  static async open(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Receiver(server);
  }

  /** Everything that was told, each delivery once, in the order of arrival. */
  get lines(): readonly string[] {
    return this.#distinct().flatMap(({ lines }) => lines);
  }

  /** What was told of a channel, without its name. */
  of(channel: string): string[] {
    return this.lines
      .map((line) => line.split(' '))
      .filter(([, about]) => about === channel)
      .map(([name = '', , user = '']) => `${name} ${user}`.trim());
  }

  /** Deliveries that came although one of the same id had come before. */
  get repetitions(): readonly Delivery[] {
    const distinct = new Set(this.#distinct());
    return this.deliveries.filter((delivery) => !distinct.has(delivery));
  }

  /** Resolves when the line has been told so many times. */
  hears(line: string, times = 1): Promise<void> {
    return this.until(() => this.lines.filter((told) => told === line).length >= times, line);
  }

  /** Rejects, with the last that was told, when that takes very long. */
  until(condition: () => boolean, what = 'what was waited for'): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = { condition, done: resolve };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        const last = this.lines.slice(-10).join(', ');
        reject(new Error(`not told within ${String(PATIENCE_MS)} ms: ${what}; the last was: ${last}`));
      }, PATIENCE_MS);
      waiter.done = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiters.add(waiter);
      this.#look();
    });
  }

  /** Takes requests and leaves them without an answer. */
  hold(): void {
    this.#held ??= [];
  }

  /** Answers those that were held, as far as somebody still waits for it, and all others at once. */
  release(): void {
    for (const response of this.#held ?? []) response.end();
    this.#held = null;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()).closeAllConnections());
  }

  #distinct(): readonly Delivery[] {
    const byId = new Map<string, Delivery>();
    for (const delivery of this.deliveries) if (!byId.has(delivery.id)) byId.set(delivery.id, delivery);
    return [...byId.values()];
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const id = String(request.headers['x-delivery-id']);
      const { events } = bodySchema.parse(JSON.parse(body));
      const lines = events.map(({ name, channel, user_id = '' }) => `${name} ${channel} ${user_id}`.trim());
      const before = this.deliveries.find((delivery) => delivery.id === id);
      if (before !== undefined && before.body !== body) this.faults.push(`${id}: ${before.body}, then ${body}`);
      this.deliveries.push({ id, body, lines, socket: request.socket });
      if (this.#held === null) response.end();
      else this.#held.push(response);
      this.#look();
    });
  }

  #look(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.condition()) continue;
      this.#waiters.delete(waiter);
      waiter.done();
    }
  }
}
