import { isTransient } from '../api/api-error.ts';
import { backoffMs } from '../api/backoff.ts';
import { createTimers } from '../api/timers.ts';

/** Work that may be asked for any number of times and runs once at a time. */
export interface Coalesced {
  /**
   * Asks for a run that begins after this call: now, or once the present run has ended. Resolves when such a run has
   * succeeded, failed for good (see `onFailure`), or this was closed.
   */
  request(): Promise<void>;
  /** Does not wait for the next attempt after failures. */
  hurry(): void;
  close(): void;
}

export interface CoalesceOptions {
  /** Told of each failure; `final` ones are not tried again by themselves. */
  onFailure?: (error: unknown, final: boolean) => void;
  /** Least time between the starts of two runs in ms, for what storms ask for. */
  spacingMs?: number;
}

type Phase = { kind: 'idle' } | { kind: 'running' } | { kind: 'resting'; wake: () => void };

/** Repeats `task` with back-off while it fails with what may pass, as an unreachable server. */
export function coalesce(task: () => Promise<void>, options: CoalesceOptions = {}): Coalesced {
  const { onFailure = () => {}, spacingMs = 0 } = options;
  const timers = createTimers();
  let waiting: (() => void)[] = [];
  let phase: Phase = { kind: 'idle' };
  let startedAt = Number.NEGATIVE_INFINITY;
  let closed = false;

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = timers.later(ms, resolve);
      const wake = () => {
        cancel();
        resolve();
      };
      phase = { kind: 'resting', wake };
    });
  }

  /** One run, repeated until it succeeds or cannot. */
  async function runOnce(): Promise<void> {
    for (let failures = 1; !closed; failures += 1) {
      phase = { kind: 'running' };
      startedAt = performance.now();
      try {
        await task();
        return;
      } catch (error) {
        const final = !isTransient(error);
        if (!closed) onFailure(error, final);
        if (final) return;
        await rest(backoffMs(failures, Math.random()));
      }
    }
  }

  async function work(): Promise<void> {
    while (waiting.length > 0 && !closed) {
      const early = startedAt + spacingMs - performance.now();
      if (early > 0) await rest(early);
      const served = waiting;
      waiting = [];
      await runOnce();
      for (const done of served) done();
    }
    phase = { kind: 'idle' };
  }

  return {
    request() {
      if (closed) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.push(resolve);
        if (phase.kind === 'idle') void work();
      });
    },
    hurry() {
      if (phase.kind === 'resting') phase.wake();
    },
    close() {
      closed = true;
      timers.close();
      if (phase.kind === 'resting') phase.wake();
      for (const done of waiting) done();
      waiting = [];
    },
  };
}
