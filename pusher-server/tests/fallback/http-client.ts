import { Agent, request, type IncomingMessage } from 'node:http';
import { randomBytes } from 'node:crypto';
import { APP } from '../start.ts';

/** A response that is read line by line. */
export interface LineStream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** What makes pusher-js leave a response: more than 262,144 characters have come, and all were read. */
  readonly isFull: boolean;
  /** The next line, without its end; `null` at the end of the response. */
  next(): Promise<string | null>;
  /** Stops and goes on reading from the network. */
  pause(): void;
  resume(): void;
  abort(): void;
}

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The requests of one session of the HTTP fallback, written by hand. */
export class HttpSession {
  readonly #base: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(port: number, path = `/pusher/app/${APP.key}/${newSession()}`) {
    this.#base = `http://127.0.0.1:${String(port)}${path}`;
  }

  async stream(query = 'protocol=7', headers: Record<string, string> = {}): Promise<LineStream> {
    return asLines(await this.#post(`/xhr_streaming?${query}`, null, headers));
  }

  async poll(query = 'protocol=7'): Promise<Answer> {
    return whole(await this.#post(`/xhr?${query}`, null));
  }

  /** A string is the body as it stands, anything else is sent as JSON. */
  async send(body: unknown): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return whole(await this.#post('/xhr_send', text));
  }

  /** Sends frames, each a value. */
  frames(...frames: readonly unknown[]): Promise<Answer> {
    return this.send(frames.map((frame) => (typeof frame === 'string' ? frame : JSON.stringify(frame))));
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(operation: string, body: string | null, headers: Record<string, string> = {}): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const length = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body ?? '') };
      const options = { method: 'POST', agent: this.#agent, headers: { ...length, ...headers } };
      const outgoing = request(`${this.#base}${operation}`, options, resolve);
      outgoing.on('error', reject);
      outgoing.end(body ?? '');
    });
  }
}

export function newSession(): string {
  return `${String(randomBytes(1)[0] ?? 0)}/${randomBytes(4).toString('hex')}`;
}

async function whole(response: IncomingMessage): Promise<Answer> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, text };
}

function asLines(response: IncomingMessage): LineStream {
  const lines: (string | null)[] = [];
  let rest = '';
  let length = 0;
  let look: () => void = () => undefined;
  const add = (...more: readonly (string | null)[]) => {
    lines.push(...more);
    look();
  };
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    length += chunk.length;
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    add(...parts);
  });
  response.once('end', () => add(null));
  // A response that is cut off, by either side, ends too.
  response.once('error', () => add(null));
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    get isFull() {
      return length > 262_144 && rest === '' && lines.length === 0;
    },
    next: () =>
      new Promise((resolve) => {
        look = () => {
          const line = lines.shift();
          if (line === undefined) return;
          look = () => undefined;
          resolve(line);
        };
        look();
      }),
    pause: () => response.pause(),
    resume: () => response.resume(),
    abort: () => response.destroy(),
  };
}

/** The frames of an `a` line. */
export function framesOf(line: string | null): { event: string; channel?: string; data?: unknown }[] {
  if (line?.startsWith('a') !== true) throw new Error(`not a line of frames: ${String(line)}`);
  const texts = JSON.parse(line.slice(1)) as string[];
  return texts.map((text) => JSON.parse(text) as { event: string });
}

/** The frames of all lines of a poll. */
export function framesIn(answer: Answer): ReturnType<typeof framesOf> {
  return answer.text
    .split('\n')
    .filter((line) => line.startsWith('a'))
    .flatMap(framesOf);
}

/** The socket id in the first frames of a session. */
export function socketIdIn(frames: ReturnType<typeof framesOf>): string {
  const data = frames.find(({ event }) => event === 'pusher:connection_established')?.data;
  return (JSON.parse(String(data)) as { socket_id: string }).socket_id;
}
