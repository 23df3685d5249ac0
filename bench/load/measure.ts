import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuMicros } from './cpu-time.ts';
import type { Done, LoadResult, Target } from './messages.ts';

/** The kernel adds up a thread's time when it stops running, so everybody is given a moment to come to rest. */
const REST_MS = 40;
/** Share of a core below which a process is at rest: its timers go on. */
const AT_REST = 0.04;
const MAX_WAITS = 250;

/** Makes a planned run, and watches the clock, the server's CPU and our own. */
export async function measure(run: () => Promise<Done>, { pids }: Target): Promise<LoadResult> {
  await atRest(pids);
  const before = pids.map(cpuMicros);
  const ownBefore = process.cpuUsage();
  const loopBefore = performance.eventLoopUtilization();
  const started = performance.now();

  const done = await run();

  const seconds = (performance.now() - started) / 1_000;
  const loopShare = performance.eventLoopUtilization(loopBefore).utilization;
  const own = process.cpuUsage(ownBefore);
  await atRest(pids);
  return {
    ...done,
    seconds,
    cpuMicros: pids.map((pid, index) => cpuMicros(pid) - (before[index] ?? 0)),
    cpuShare: (own.user + own.system) / 1e6 / seconds,
    loopShare,
  };
}

/** Resolves when none of the processes is busy any more with what was asked of it before, such as closings. */
async function atRest(pids: readonly number[]): Promise<void> {
  const total = () => pids.reduce((sum, pid) => sum + cpuMicros(pid), 0);
  for (let waits = 0; waits < MAX_WAITS; waits++) {
    const [before, started] = [total(), performance.now()];
    await delay(REST_MS);
    if (total() - before <= (performance.now() - started) * 1_000 * AT_REST * pids.length) return;
  }
  throw new Error('the server does not come to rest');
}
