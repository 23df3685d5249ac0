import type { LoadAnswer, LoadCall, LoadResult, LoadSpec, Target } from '../load/messages.ts';
import { LOAD_CORE, startChild, type Child } from './child-process.ts';

/** Far more than the longest run takes on a busy machine. */
const ANSWER_MS = 600_000;

/** A load that is connected to one server. */
export interface PreparedLoad {
  run(): Promise<LoadResult>;
  /** Makes ready what the next run needs, so that nothing but that run happens when it is called. */
  plan(): Promise<void>;
  close(): Promise<void>;
}

/** The load generator's process. */
export class LoadGenerator {
  readonly #child: Child;
  readonly #waiting = new Map<number, { resolve: (answer: LoadAnswer) => void; reject: (error: Error) => void }>();
  #lastId = 0;

  private constructor(child: Child) {
    this.#child = child;
    child.process.on('message', (answer: LoadAnswer) => {
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
    });
    child.process.once('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(ended());
    });
  }

  static async start(program: string): Promise<LoadGenerator> {
    return new LoadGenerator(await startChild(program, { env: {}, core: LOAD_CORE }));
  }

  async prepare(target: Target, spec: LoadSpec): Promise<PreparedLoad> {
    const prepared = await this.#ask({ call: 'prepare', target, spec });
    if (prepared.kind !== 'prepared') throw unexpected(prepared);
    const { handle } = prepared;
    return {
      plan: async () => {
        const planned = await this.#ask({ call: 'plan', handle });
        if (planned.kind !== 'planned') throw unexpected(planned);
      },
      run: async () => {
        const ran = await this.#ask({ call: 'run', handle });
        if (ran.kind !== 'ran') throw unexpected(ran);
        return ran.result;
      },
      close: async () => {
        const closed = await this.#ask({ call: 'close', handle });
        if (closed.kind !== 'closed') throw unexpected(closed);
      },
    };
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }

  #ask(call: LoadCall): Promise<LoadAnswer> {
    if (!this.#child.process.connected) return Promise.reject(ended());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${call.call} in ten minutes`)), ANSWER_MS);
      this.#waiting.set(id, {
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#child.process.send({ ...call, id });
    });
  }
}

function ended(): Error {
  return new Error('the load generator ended');
}

function unexpected(answer: LoadAnswer): Error {
  return new Error(answer.kind === 'failed' ? `the load generator failed: ${answer.message}` : 'an unexpected answer');
}
