import type { ChildProcess } from 'node:child_process';
import { countFailure, delayAfter } from './back-off.ts';

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessDescription {
  /** Starts the process, now and whenever it has ended by itself. */
  readonly spawn: () => ChildProcess;
  /** What a process may take to end after SIGTERM before it is killed. */
  readonly killAfterMs: number;
  /** Whether it is not started again after this end. */
  readonly isFinal: (end: ProcessEnd) => boolean;
  /** It ended by itself and is started again in `delayMs`. */
  readonly onEnded: (end: ProcessEnd, delayMs: number) => void;
  /** It is not started again, because of its end or because it was stopped. */
  readonly onStopped: () => void;
}

/** A process that is started again, with back-off, when it ends, until it is stopped. */
export interface KeptProcess {
  /** The process that runs now; `null` while none does. */
  readonly current: () => ChildProcess | null;
  /** Stops the process gracefully and starts it at once again. */
  readonly restart: () => void;
  /** SIGTERM, and SIGKILL when that takes too long; resolves when the process has ended. */
  readonly stop: () => Promise<void>;
}

type State =
  | { readonly phase: 'running' | 'restarting'; readonly process: ChildProcess }
  | { readonly phase: 'waiting'; readonly timer: NodeJS.Timeout }
  | { readonly phase: 'stopping'; readonly process: ChildProcess; readonly ended: Promise<void> }
  | { readonly phase: 'stopped' };

/** Starts a process and keeps it running. */
export function keepRunning({ spawn, killAfterMs, isFinal, onEnded, onStopped }: ProcessDescription): KeptProcess {
  let state: State = { phase: 'stopped' };
  let failures = 0;
  let tellEnd: () => void = () => undefined;

  const start = () => {
    const startedAt = performance.now();
    const child = spawn();
    state = { phase: 'running', process: child };
    child.once('exit', (code, signal) => ended({ code, signal }, performance.now() - startedAt));
    child.once('error', () => {
      // One that could not be started at all has no exit.
      if (child.pid === undefined) ended({ code: null, signal: null }, 0);
    });
  };

  const ended = (end: ProcessEnd, ranForMs: number) => {
    if (state.phase === 'restarting') return start();
    if (state.phase === 'stopping' || isFinal(end)) {
      state = { phase: 'stopped' };
      onStopped();
      tellEnd();
      return;
    }
    failures = countFailure(failures, ranForMs);
    const delayMs = delayAfter(failures);
    state = { phase: 'waiting', timer: setTimeout(start, delayMs) };
    onEnded(end, delayMs);
  };

  const stop = (): Promise<void> => {
    switch (state.phase) {
      case 'stopped':
        return Promise.resolve();
      case 'stopping':
        return state.ended;
      case 'waiting':
        clearTimeout(state.timer);
        state = { phase: 'stopped' };
        onStopped();
        return Promise.resolve();
      case 'running':
      case 'restarting': {
        const child = state.process;
        const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
        const hasEnded = new Promise<void>((resolve) => (tellEnd = resolve)).then(() => clearTimeout(timer));
        state = { phase: 'stopping', process: child, ended: hasEnded };
        child.kill('SIGTERM');
        return hasEnded;
      }
    }
  };

  const restart = () => {
    if (state.phase !== 'running') return;
    state = { phase: 'restarting', process: state.process };
    state.process.kill('SIGTERM');
  };

  start();
  return { current: () => ('process' in state ? state.process : null), restart, stop };
}
