import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time of a process so far, user and system, in microseconds. The scheduler counts it in nanoseconds for each
 * thread (`/proc/PID/task/TID/schedstat`); `/proc/PID/stat` has the same sum in steps of ten milliseconds.
 */
export function cpuMicros(pid: number): number {
  const threads = `/proc/${String(pid)}/task`;
  let nanoseconds = 0;
  for (const thread of readdirSync(threads)) {
    const [onCpu = '0'] = readFileSync(`${threads}/${thread}/schedstat`, 'utf8').split(' ');
    nanoseconds += Number(onCpu);
  }
  return nanoseconds / 1_000;
}
