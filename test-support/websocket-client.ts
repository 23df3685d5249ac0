import { WebSocket } from 'ws';

/** What a test says about the message it waits for; what does not match is passed over. */
type Predicate = (message: unknown) => boolean;

/** A WebSocket client that keeps what arrives until the test asks for it, in order. */
export interface QueueingSocket {
  /**
   * The first message not yet taken (JSON decoded, else the text), or the first that matches; those before it are
   * passed over. Rejects when none comes within `ms` (5000 when absent) or the socket closes first.
   */
  next(predicate?: Predicate, ms?: number): Promise<unknown>;
  /** Sends a value as JSON, a string as it is. */
  send(value: unknown): void;
  close(code?: number): void;
  /** Messages that arrived and were not taken. */
  readonly pending: readonly unknown[];
  readonly closed: Promise<{ code: number; reason: string }>;
  /** The socket itself, for what only it can do (ping, terminate). */
  readonly socket: WebSocket;
}

const defaultWaitMs = 5_000;

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Connects; resolves when the socket is open, rejects when it cannot be opened. `ca`: a certificate to trust, in PEM. */
export async function connect(
  url: string,
  options: { headers?: Record<string, string>; ca?: string } = {},
): Promise<QueueingSocket> {
  const socket = new WebSocket(url, options);
  const pending: unknown[] = [];
  let look: () => void = () => undefined;
  let closing: { code: number; reason: string } | null = null;

  socket.on('message', (data: Buffer) => {
    pending.push(decode(data.toString('utf8')));
    look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => {
      closing = { code, reason: reason.toString('utf8') };
      resolve(closing);
      look();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  // After that, what goes wrong is told by the close.
  socket.on('error', () => undefined);

  const next = (predicate: Predicate = () => true, ms = defaultWaitMs) =>
    new Promise<unknown>((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        look = () => undefined;
        settle();
      };
      const seen = () => JSON.stringify(pending);
      const timer = setTimeout(() => {
        finish(() => reject(new Error(`no such message within ${ms} ms; not taken: ${seen()}`)));
      }, ms);
      look = () => {
        const index = pending.findIndex(predicate);
        if (index >= 0) {
          const [message] = pending.splice(0, index + 1).slice(-1);
          finish(() => resolve(message));
        } else if (closing !== null) {
          const { code, reason } = closing;
          finish(() => reject(new Error(`closed with ${code} ${reason} first; not taken: ${seen()}`)));
        }
      };
      look();
    });

  return {
    next,
    send: (value) => socket.send(typeof value === 'string' ? value : JSON.stringify(value)),
    close: (code) => socket.close(code),
    pending,
    closed,
    socket,
  };
}
