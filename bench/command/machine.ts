import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** The machine in one line, with how busy it was when asked. */
export function machineLine(): string {
  const [first] = cpus();
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  return (
    `${String(availableParallelism())} cores (${first?.model.trim() ?? 'unknown'}), ${gigabytes} GB, ${type()} ${release()}, ` +
    `Node ${process.versions.node}; load average before: ${load}`
  );
}
