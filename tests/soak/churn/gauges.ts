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

/** The least of a few readings over five seconds, in MB: what the process holds, without what it is about to free. */
export async function memory(metricsPort: number): Promise<number> {
  const readings: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    readings.push(await gauge(metricsPort, 'soketi_process_resident_memory_bytes'));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return Math.min(...readings) / 1024 / 1024;
}
