import { readFileSync } from 'node:fs';

/**
 * What a process holds of memory that is its own and nobody else's, in bytes: `RssAnon`, so without the pages of the
 * Node.js binary, which all processes share and which come and go.
 */
export function ownMemory(pid: number): number {
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`no RssAnon for process ${String(pid)}`);
  return Number(kilobytes) * 1_024;
}
