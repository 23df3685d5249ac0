import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuMicros } from './cpu-time.ts';
import type { Load } from './load.ts';
import type { LoadResult, Target } from './messages.ts';

/** The kernel adds up a thread's time when it stops running, so everybody is given a moment to come to rest. */
const REST_MS = 30;

/** Runs a load once, and watches the clock, the server's CPU and our own. */
export async function measure(load: Load, { pids }: Target): Promise<LoadResult> {
  const run = load.plan();
  await delay(REST_MS);
  const before = pids.map(cpuMicros);
  const ownBefore = process.cpuUsage();
  const loopBefore = performance.eventLoopUtilization();
  const started = performance.now();

  const { work, losses } = await run();

  const seconds = (performance.now() - started) / 1_000;
  const loopShare = performance.eventLoopUtilization(loopBefore).utilization;
  const own = process.cpuUsage(ownBefore);
  await delay(REST_MS);
  return {
    work,
    losses,
    seconds,
    cpuMicros: pids.map((pid, index) => cpuMicros(pid) - (before[index] ?? 0)),
    cpuShare: (own.user + own.system) / 1e6 / seconds,
    loopShare,
  };
}
