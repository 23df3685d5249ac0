/** How many clients the server says are connected, over all of its apps. */
export async function connected(metricsPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${String(metricsPort)}/metrics`)).text();
  const lines = text.split('\n').filter((line) => /^soketi_connected[ {]/.test(line));
  if (lines.length === 0) throw new Error('no metric is called soketi_connected');
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
