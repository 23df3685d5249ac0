import { setTimeout as delay } from 'node:timers/promises';

const READ_EVERY_MS = 1_000;

/** Reads one value of the server's metrics, summed over its labels. */
async function gauge(metricsPort: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${String(metricsPort)}/metrics`)).text();
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  if (values.length === 0) throw new Error(`no metric is called ${name}`);
  return values.reduce((sum, value) => sum + value, 0);
}

export function connected(metricsPort: number): Promise<number> {
  return gauge(metricsPort, 'soketi_connected');
}

/**
 * The least that the process held within a stretch of time, in MB. Between two full collections the heap may double, so
 * a single reading says when the last one was and nothing more.
 * @param beginsIn ms from now
 */
export async function leastMemory(metricsPort: number, beginsIn: number, lastsMs: number): Promise<number> {
  await delay(beginsIn);
  const end = Date.now() + lastsMs;
  let least = Infinity;
  while (Date.now() < end) {
    least = Math.min(least, await gauge(metricsPort, 'soketi_process_resident_memory_bytes'));
    await delay(READ_EVERY_MS);
  }
  return least / 1024 / 1024;
}
