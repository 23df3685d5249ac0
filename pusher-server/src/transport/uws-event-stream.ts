import type { HttpResponse } from 'uWebSockets.js';
import { guard } from './guard.ts';

/** Where an open event stream is written to. After `end`, and once the client has gone, writing does nothing. */
export interface StreamSink {
  write(text: string): void;
  end(): void;
}

/** What goes into a `text/event-stream` answer, for as long as both sides like. */
export interface StreamSource {
  /** What a slow reader is told of as many pieces as were lost to it. */
  readonly lost: (count: number) => string;
  /** Called once when the answer has begun; what it returns is called once when the stream is over. */
  readonly open: (sink: StreamSink) => () => void;
}

/** What a listener may owe; beyond, pieces are lost to it. */
const MAX_WAITING_BYTES = 256 * 1024;

/**
 * Writes one stream. Pieces gather for the rest of the tick, so that a storm of events costs one write, and no other
 * connection is written to in the middle of a request's own answer.
 */
export class EventStream implements StreamSink {
  readonly #res: HttpResponse;
  readonly #source: StreamSource;
  readonly #report: (error: unknown) => void;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #lost = 0;
  #scheduled = false;
  /** The socket takes nothing more for now. */
  #blocked = false;
  #isOpen = true;
  #over: () => void = () => undefined;

  constructor(res: HttpResponse, source: StreamSource, report: (error: unknown) => void) {
    this.#res = res;
    this.#source = source;
    this.#report = report;
  }

  /** Writes the head and lets the pieces come; called in the response's cork. */
  begin(): void {
    this.#res.writeHeader('Content-Type', 'text/event-stream');
    this.#res.writeHeader('Cache-Control', 'no-store');
    this.#res.writeHeader('Access-Control-Allow-Origin', '*');
    this.#res.onWritable(
      writable(this.#report, () => {
        this.#blocked = false;
        this.#schedule();
      }),
    );
    this.#over = this.#source.open(this);
  }

  write(text: string): void {
    if (!this.#isOpen) return;
    if (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(text);
    this.#waitingBytes += Buffer.byteLength(text);
    this.#schedule();
  }

  end(): void {
    if (!this.#isOpen) return;
    this.#flush();
    this.gone();
    this.#res.cork(() => this.#res.end());
  }

  /** The client has gone; the response must not be touched any more. */
  gone(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#waiting = [];
    this.#over();
  }

  #schedule(): void {
    if (this.#scheduled || this.#blocked) return;
    this.#scheduled = true;
    setImmediate(
      guard(this.#report, () => {
        this.#scheduled = false;
        this.#flush();
      }),
    );
  }

  #flush(): void {
    if (!this.#isOpen || this.#waiting.length === 0) return;
    if (this.#lost > 0) this.#waiting.push(this.#source.lost(this.#lost));
    const text = this.#waiting.join('');
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#lost = 0;
    this.#res.cork(() => {
      this.#blocked = !this.#res.write(text);
    });
  }
}

/** `onWritable` wants to hear that all was written, which is what `write` keeps to. */
function writable(report: (error: unknown) => void, callback: () => void): () => boolean {
  const guarded = guard(report, callback);
  return () => {
    guarded();
    return true;
  };
}
