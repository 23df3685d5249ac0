import type { SendResult } from '../transport/uws-fallback.ts';
import type { FallbackMessage } from './fallback-wire.ts';

interface Send {
  readonly ref: number;
  readonly body: string;
  readonly resolve: (result: SendResult) => void;
}

/** What clients sent here for one session of another process; the first is on its way, the others wait for it. */
interface Queue {
  readonly owner: string;
  readonly sends: Send[];
  /** When the first was first told; times on the clock of `performance.now()`. */
  startedAt: number;
  toldAt: number;
}

/** When a send is told again, and when its owner is taken for dead. */
const AGAIN_MS = 1_000;
const GIVE_UP_MS = 3_000;
/** Characters that wait here, of all sessions together. */
const MAX_WAITING = 16 * 1024 * 1024;

/**
 * Passes what clients send on to the processes that have their sessions: for each session one after the other, so that
 * their order stays, and again until it is answered, which the owner sees by the number.
 */
export class FallbackSends {
  readonly #tell: (node: string, message: FallbackMessage) => void;
  readonly #queues = new Map<string, Queue>();
  /** The session of each send that is on its way. */
  readonly #onTheWay = new Map<number, string>();
  #waiting = 0;
  #lastRef = 0;

  constructor(tell: (node: string, message: FallbackMessage) => void) {
    this.#tell = tell;
  }

  /** The process that something is on its way to for this session, if there is any. */
  ownerOf(session: string): string | null {
    return this.#queues.get(session)?.owner ?? null;
  }

  pass(owner: string, session: string, body: string): Promise<SendResult> {
    if (this.#waiting + body.length > MAX_WAITING) return Promise.resolve('overloaded');
    this.#waiting += body.length;
    return new Promise((resolve) => {
      const send = { ref: ++this.#lastRef, body, resolve };
      const queue = this.#queues.get(session);
      if (queue !== undefined) {
        queue.sends.push(send);
        return;
      }
      const now = performance.now();
      const started = { owner, sends: [send], startedAt: now, toldAt: now };
      this.#queues.set(session, started);
      this.#tellFirst(session, started);
    });
  }

  /** The owner has answered. */
  sent(node: string, ref: number, result: SendResult): void {
    const session = this.#onTheWay.get(ref) ?? '';
    const queue = this.#queues.get(session);
    if (queue?.owner !== node) return;
    if (result === 'unknown-session') this.#giveUp(session, queue);
    else this.#next(session, queue, result);
  }

  tick(now: number): void {
    for (const [session, queue] of [...this.#queues]) {
      if (now - queue.startedAt > GIVE_UP_MS) this.#giveUp(session, queue);
      else if (now - queue.toldAt >= AGAIN_MS) this.#tellFirst(session, queue);
    }
  }

  close(): void {
    for (const [session, queue] of [...this.#queues]) this.#giveUp(session, queue);
  }

  #next(session: string, queue: Queue, result: SendResult): void {
    this.#answer(queue.sends.shift(), result);
    if (queue.sends.length === 0) {
      this.#queues.delete(session);
      return;
    }
    queue.startedAt = performance.now();
    this.#tellFirst(session, queue);
  }

  #giveUp(session: string, queue: Queue): void {
    this.#queues.delete(session);
    for (const send of queue.sends) this.#answer(send, 'unknown-session');
  }

  #answer(send: Send | undefined, result: SendResult): void {
    if (send === undefined) return;
    this.#waiting -= send.body.length;
    this.#onTheWay.delete(send.ref);
    send.resolve(result);
  }

  #tellFirst(session: string, queue: Queue): void {
    const [first] = queue.sends;
    if (first === undefined) return;
    queue.toldAt = performance.now();
    this.#onTheWay.set(first.ref, session);
    this.#tell(queue.owner, { kind: 'send', ref: first.ref, session, text: first.body });
  }
}
