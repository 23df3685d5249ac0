import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { keepRunning, type ProcessEnd } from './kept-process.ts';

/** Keeps a program running that is written as one line; it says when it has begun. */
function keep(program: string, { killAfterMs = 5_000, isFinal = () => false }: Partial<Options> = {}) {
  const starts: number[] = [];
  const ends: { end: ProcessEnd; delayMs: number }[] = [];
  let hasStopped = false;
  const begun = new Set<() => void>();
  const kept = keepRunning({
    spawn: () => {
      const child = spawn(process.execPath, ['-e', `${program}; console.log('begun')`]);
      child.stdout.on('data', () => {
        starts.push(child.pid ?? 0);
        for (const look of begun) look();
      });
      return child;
    },
    killAfterMs,
    isFinal,
    onEnded: (end, delayMs) => ends.push({ end, delayMs }),
    onStopped: () => (hasStopped = true),
  });
  return {
    ...kept,
    ends,
    hasStopped: () => hasStopped,
    /** The process id of the n-th start. */
    started: (n: number) =>
      new Promise<number>((resolve) => {
        const look = () => starts.length >= n && resolve(starts[n - 1] ?? 0);
        begun.add(look);
        look();
      }),
  };
}

interface Options {
  readonly killAfterMs: number;
  readonly isFinal: (end: ProcessEnd) => boolean;
}

const LIVES_ON = 'setInterval(() => {}, 1000)';

describe('a process that is kept running', () => {
  it('K83: is started again after 0.1 s, then 0.2 s', async () => {
    const kept = keep(LIVES_ON);
    process.kill(await kept.started(1), 'SIGKILL');
    process.kill(await kept.started(2), 'SIGTERM');
    const third = await kept.started(3);
    expect(kept.ends).toEqual([
      { end: { code: null, signal: 'SIGKILL' }, delayMs: 100 },
      { end: { code: null, signal: 'SIGTERM' }, delayMs: 200 },
    ]);
    expect(kept.current()?.pid).toBe(third);
    await kept.stop();
    expect([kept.current(), kept.hasStopped()]).toEqual([null, true]);
  });

  it('is not started again after an end that is final', async () => {
    const kept = keep("process.once('beforeExit', () => process.exit(1))", { isFinal: ({ code }) => code === 1 });
    await kept.started(1);
    await expect.poll(kept.hasStopped).toBe(true);
    expect(kept.ends).toEqual([]);
    await kept.stop();
  });

  it('is not started again once it is stopped, also while it waits for its next start', async () => {
    const kept = keep(LIVES_ON);
    process.kill(await kept.started(1), 'SIGKILL');
    await expect.poll(() => kept.ends.length).toBe(1);
    await kept.stop();
    expect([kept.current(), kept.hasStopped()]).toEqual([null, true]);
  });

  it('restarts at once when asked, which is no failure', async () => {
    const kept = keep(LIVES_ON);
    const first = await kept.started(1);
    kept.restart();
    expect(await kept.started(2)).not.toBe(first);
    expect(kept.ends).toEqual([]);
    await kept.stop();
  });

  it('is killed when SIGTERM does not end it in time, however often it is asked', async () => {
    const kept = keep(`process.on('SIGTERM', () => {}); ${LIVES_ON}`, { killAfterMs: 200 });
    const child = kept.current();
    await kept.started(1);
    await Promise.all([kept.stop(), kept.stop()]);
    expect(child?.signalCode).toBe('SIGKILL');
  });

  it('is tried again when it cannot be started at all', async () => {
    const ends: number[] = [];
    const kept = keepRunning({
      spawn: () => spawn('/nonexistent/program'),
      killAfterMs: 1_000,
      isFinal: () => false,
      onEnded: (_, delayMs) => ends.push(delayMs),
      onStopped: () => undefined,
    });
    await expect.poll(() => ends).toEqual([100, 200]);
    await kept.stop();
  });
});
