import type { ApiFile } from '../../../src/front-doors/console-api/wire.ts';
import { ApiError, isTransient } from '../api/api-error.ts';
import { backoffMs } from '../api/backoff.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import { createTimers } from '../api/timers.ts';

export interface Uploads {
  add(clientId: string, file: Blob, name: string): void;
  /** Nothing more is heard of it. */
  cancel(clientId: string): void;
  /** Does not wait for the next attempt after failures. */
  hurry(): void;
  close(): void;
}

export interface UploadListener {
  progress(clientId: string, share: number): void;
  uploaded(clientId: string, file: ApiFile): void;
  failed(clientId: string, code: string): void;
}

interface Job {
  clientId: string;
  file: Blob;
  name: string;
  running: boolean;
  stop: AbortController;
}

/** More at a time would only make each slower. */
const AT_A_TIME = 2;
/** Then the agent decides whether to try again. */
const MOST_ATTEMPTS = 5;

/** Files on their way to the server, two at a time in the order they were chosen; each can be cancelled. */
export function createUploads(api: Pick<ConsoleApi, 'upload'>, listener: UploadListener): Uploads {
  const timers = createTimers();
  const wakers = new Set<() => void>();
  let jobs: Job[] = [];

  function rest(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        wakers.delete(wake);
        resolve();
      };
      const cancel = timers.later(ms, wake);
      wakers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  async function run({ clientId, file, name, stop: { signal } }: Job): Promise<void> {
    const progress = (share: number) => {
      if (!signal.aborted) listener.progress(clientId, share);
    };
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        const stored = await api.upload(file, name, { progress, signal });
        if (!signal.aborted) listener.uploaded(clientId, stored);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!isTransient(error) || attempt >= MOST_ATTEMPTS) {
          return listener.failed(clientId, error instanceof ApiError ? error.code : 'unknown');
        }
        const asked = error instanceof ApiError && error.retryAfter !== null ? error.retryAfter * 1000 : 0;
        await rest(Math.max(asked, backoffMs(attempt, Math.random())), signal);
      }
    }
  }

  function next(): void {
    const running = jobs.filter((job) => job.running).length;
    for (const job of jobs.filter((each) => !each.running).slice(0, AT_A_TIME - running)) {
      job.running = true;
      void run(job).finally(() => {
        jobs = jobs.filter((each) => each !== job);
        next();
      });
    }
  }

  function cancel(clientId: string): void {
    for (const job of jobs) if (job.clientId === clientId) job.stop.abort();
    jobs = jobs.filter((job) => job.clientId !== clientId);
    next();
  }

  return {
    add(clientId, file, name) {
      jobs = [...jobs, { clientId, file, name, running: false, stop: new AbortController() }];
      next();
    },
    cancel,
    hurry() {
      for (const wake of wakers) wake();
    },
    close() {
      const all = jobs;
      jobs = [];
      for (const job of all) job.stop.abort();
      timers.close();
    },
  };
}
