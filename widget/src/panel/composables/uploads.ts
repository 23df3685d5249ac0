import type { ApiFile } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { ApiFailure, isTransient } from '../api/http.ts';
import type { Pause } from '../pause.ts';

export interface UploadsDeps {
  upload: (file: Blob, name: string, progress: (share: number) => void, signal: AbortSignal) => Promise<ApiFile>;
  pause: Pause;
  /** The server does not know our token. */
  renew: () => Promise<void>;
  progress: (clientId: string, share: number) => void;
  uploaded: (clientId: string, file: ApiFile) => void;
  failed: (clientId: string, code: string) => void;
}

interface Job {
  clientId: string;
  file: Blob;
  name: string;
  stopped: AbortController;
}

/** More at a time would only make each slower. */
const AT_A_TIME = 2;
/** Then the visitor decides whether to try again. */
const MAX_ATTEMPTS = 5;

/** Files on their way to the server, two at a time in the order they were chosen; each can be cancelled. */
export class Uploads {
  readonly #deps: UploadsDeps;
  readonly #started = new Set<Job>();
  #jobs: Job[] = [];
  #running = 0;

  constructor(deps: UploadsDeps) {
    this.#deps = deps;
  }

  add(clientId: string, file: Blob, name: string): void {
    this.#jobs = [...this.#jobs, { clientId, file, name, stopped: new AbortController() }];
    this.#next();
  }

  /** Nothing more is heard of it. */
  cancel(clientId: string): void {
    this.#jobs.find((job) => job.clientId === clientId)?.stopped.abort();
    this.#jobs = this.#jobs.filter((job) => job.clientId !== clientId);
  }

  close(): void {
    for (const { clientId } of this.#jobs) this.cancel(clientId);
  }

  #next(): void {
    const job = this.#jobs.find((one) => !this.#started.has(one));
    if (job === undefined || this.#running >= AT_A_TIME || this.#deps.pause.closed) return;
    this.#running += 1;
    this.#started.add(job);
    void this.#run(job).finally(() => {
      this.#running -= 1;
      this.#jobs = this.#jobs.filter((one) => one !== job);
      this.#started.delete(job);
      this.#next();
    });
    this.#next();
  }

  async #run({ clientId, file, name, stopped }: Job): Promise<void> {
    const { upload, pause, renew, progress, uploaded, failed } = this.#deps;
    const { signal } = stopped;
    for (let attempt = 0; !signal.aborted && !pause.closed; attempt += 1) {
      try {
        const stored = await upload(
          file,
          name,
          (share) => {
            if (!signal.aborted) progress(clientId, share);
          },
          signal,
        );
        if (!signal.aborted) uploaded(clientId, stored);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const unknownToken = error instanceof ApiFailure && error.status === 401;
        if ((!unknownToken && !isTransient(error)) || attempt + 1 >= MAX_ATTEMPTS) {
          return failed(clientId, error instanceof ApiFailure ? error.code : 'unknown');
        }
        if (unknownToken) await renew();
        await pause.beforeRetry(attempt, error);
      }
    }
  }
}
