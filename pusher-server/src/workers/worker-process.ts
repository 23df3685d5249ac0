import { fork } from 'node:child_process';
import type { Logger } from '../logger.ts';
import { keepRunning, type KeptProcess } from './kept-process.ts';
import { fromWorker, type FromWorker, type Metric, type ToWorker } from './messages.ts';

/** A worker's number, from 1, and the port that it shares with the others. */
export interface WorkerPlace {
  readonly worker: number;
  readonly port: number;
}

/** What a worker told of itself; `used`: bytes of memory. */
export interface Scrape {
  readonly worker: number;
  readonly metrics: readonly Metric[];
  readonly used: number;
}

/** A worker could not begin. It has told the person why, and there is nothing to add. */
export class WorkerRefused extends Error {
  readonly code = 'worker_refused';
}

export interface WorkerOptions extends WorkerPlace {
  /** The compiled program, which is also the parent's. */
  readonly entry: string;
  readonly killAfterMs: number;
  readonly log: Logger;
  /** It has become ready, or is ready no longer. */
  readonly onChange: () => void;
}

type Ready = Extract<FromWorker, { type: 'ready' }>;
type Phase = 'starting' | 'ready' | 'stopping' | 'ended';

/** A worker that is too busy to answer for this long is left out of a scrape. */
const SCRAPE_MS = 2_000;

/** One worker as its parent sees it: a process that is started again when it dies, and what is said with it. */
export class WorkerProcess {
  readonly worker: number;
  /** Rejects with `WorkerRefused` when it never will be. */
  readonly firstReady: Promise<Ready>;
  readonly #options: WorkerOptions;
  readonly #kept: KeptProcess;
  readonly #scrapes = new Map<number, (answer: Scrape | null) => void>();
  #settle: { resolve: (ready: Ready) => void; reject: (error: Error) => void };
  #hasBeenReady = false;
  #phase: Phase = 'starting';
  #lastScrape = 0;
  #restarts = 0;

  constructor(options: WorkerOptions) {
    const { worker, killAfterMs, log } = options;
    this.worker = worker;
    this.#options = options;
    const { promise, ...settle } = withResolvers<Ready>();
    this.firstReady = promise;
    this.#settle = settle;
    // Whoever stops a worker before it is ready need not wait for it.
    promise.catch(() => undefined);
    this.#kept = keepRunning({
      spawn: () => this.#spawn(),
      killAfterMs,
      isFinal: ({ code }) => !this.#hasBeenReady && code === 1,
      onEnded: ({ code, signal }, delayMs) => {
        this.#restarts += 1;
        log.error({ worker, code, signal, delayMs }, 'a worker ended and is started again');
        this.#enter('ended');
      },
      onStopped: () => {
        this.#enter('ended');
        settle.reject(new WorkerRefused(`Worker ${String(worker)} ended before it was ready`));
      },
    });
  }

  get isReady(): boolean {
    return this.#phase === 'ready';
  }

  /** How often it has been started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Says something to the worker; to one that does not run, nothing. */
  tell(message: ToWorker): void {
    const process = this.#kept.current();
    // It may end between the question and the sending: then there is nobody left to be told.
    if (process?.connected === true) process.send(message, () => undefined);
  }

  /** Asks for metrics and memory; `null` when the worker is not up or does not answer in time. */
  scrape(): Promise<Scrape | null> {
    if (this.#phase === 'starting' || this.#phase === 'ended') return Promise.resolve(null);
    const scrape = (this.#lastScrape += 1);
    return new Promise((resolve) => {
      const answer = (found: Scrape | null) => {
        clearTimeout(timer);
        this.#scrapes.delete(scrape);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#options.log.warn(
          { worker: this.worker },
          'a worker did not answer in time and is left out of the metrics',
        );
        answer(null);
      }, SCRAPE_MS);
      this.#scrapes.set(scrape, answer);
      this.tell({ type: 'scrape', scrape });
    });
  }

  /** Lets it go with its grace; resolves when it has ended. */
  stop(): Promise<void> {
    return this.#kept.stop();
  }

  #spawn() {
    const { entry, worker, port } = this.#options;
    const child = fork(entry, ['--worker', String(worker), String(port)], {
      execArgv: process.execArgv,
      serialization: 'advanced',
      // A session of its own: Ctrl-C at the terminal reaches it through its parent, once.
      detached: true,
    });
    child.on('message', (message) => this.#take(fromWorker(message)));
    this.#phase = 'starting';
    return child;
  }

  #take(message: FromWorker | null): void {
    switch (message?.type) {
      case 'ready':
        this.#hasBeenReady = true;
        this.#settle.resolve(message);
        this.#enter('ready');
        return;
      case 'stopping':
        this.#enter('stopping');
        return;
      case 'scraped':
        this.#scrapes.get(message.scrape)?.({ worker: this.worker, metrics: message.metrics, used: message.used });
        return;
      case undefined:
    }
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    if (phase === 'ended') for (const answer of this.#scrapes.values()) answer(null);
    this.#options.onChange();
  }
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
