import { expect } from 'vitest';
import { z } from 'zod';
import {
  startPusherServer,
  type PusherServerOptions,
  type PusherServerProcess,
} from '../../../test-support/pusher-server.ts';
import { startRedis, type RedisServer } from '../../../test-support/redis.ts';

const readyLine = z.object({ msg: z.literal('worker ready'), worker: z.number(), pid: z.number() });

/** A parent with its workers, and a Redis of their own. */
export class Crew {
  readonly parent: PusherServerProcess;
  readonly #redis: RedisServer;
  readonly #workers: readonly number[];

  private constructor(parent: PusherServerProcess, redis: RedisServer, count: number) {
    this.parent = parent;
    this.#redis = redis;
    this.#workers = Array.from({ length: count }, (_, index) => index + 1);
  }

  /** Two workers, when `env` does not say otherwise. */
  static async open({ env, ...options }: PusherServerOptions = {}): Promise<Crew> {
    const redis = await startRedis();
    try {
      const count = env?.['PUSHER_WORKERS'] ?? '2';
      const own = { PUSHER_WORKERS: count, REDIS_URL: redis.url, PUSHER_SHUTDOWN_GRACE_MS: '400' };
      const crew = new Crew(await startPusherServer({ ...options, env: { ...own, ...env } }), redis, Number(count));
      // That it is ready may come before what the last worker has printed.
      await expect.poll(() => crew.#workers.every((worker) => crew.pids(worker).length > 0)).toBe(true);
      return crew;
    } catch (error) {
      await redis.drop();
      throw error;
    }
  }

  get port(): number {
    return this.parent.port;
  }

  /** The process ids of a worker, one for each time that it was ready, the last one last. */
  pids(worker: number): number[] {
    const lines = this.parent.output().split('\n');
    return lines.flatMap((line) => {
      const found = readyLine.safeParse(parsed(line)).data;
      return found?.worker === worker ? [found.pid] : [];
    });
  }

  /** The process id that a worker has now. */
  pid(worker: number): number {
    const pid = this.pids(worker).at(-1);
    // A signal to 0 would reach the test itself.
    if (pid === undefined) throw new Error(`worker ${String(worker)} has not been ready`);
    return pid;
  }

  /** What `GET /ready` answers over so many connections that every worker is asked. */
  async readiness(): Promise<number[]> {
    const ask = () => fetch(`${this.parent.url}/ready`, { headers: { Connection: 'close' } });
    const answers = await Promise.all(Array.from({ length: 24 }, ask));
    return [...new Set(answers.map(({ status }) => status))];
  }

  /** A metric's values by worker, summed over its other labels; `name` without the prefix. */
  async metric(name: string): Promise<Readonly<Record<string, number>>> {
    const text = await (await fetch(`http://127.0.0.1:${String(this.parent.metricsPort)}/metrics`)).text();
    const values: Record<string, number> = {};
    for (const line of text.split('\n').filter((each) => each.startsWith(`soketi_${name}{`))) {
      const worker = /worker="(\d+)"/.exec(line)?.[1] ?? 'none';
      values[worker] = (values[worker] ?? 0) + Number(line.slice(line.lastIndexOf(' ') + 1));
    }
    return values;
  }

  /** Stops the parent, if it still runs, and Redis; answers the parent's exit code. */
  async close(): Promise<number | null> {
    const code = await this.parent.stop();
    await this.#redis.stop();
    return code;
  }
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
