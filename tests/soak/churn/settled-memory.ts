import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { ServerProcess } from '../../../test-support/server-process.ts';
import { connect } from '../../../test-support/websocket-client.ts';

/** Lets `settledMemory` into a server process; the port is any free one of the loopback. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** In MB. */
export interface SettledMemory {
  /** Objects that can still be reached. */
  readonly heap: number;
  /** What is resident of the whole process (`VmRSS`), native memory included. */
  readonly process: number;
}

const MB = 1024 * 1024;
const usage = z.object({ result: z.object({ usedSize: z.number() }) });

/**
 * What a server holds once its garbage is collected. Between two full collections the heap grows and shrinks by tens of
 * megabytes, so a reading at any other moment says when the last one was and nothing more.
 * @param server started with `INSPECTED`
 */
export async function settledMemory(server: ServerProcess): Promise<SettledMemory> {
  const [url] = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(server.output()) ?? [];
  if (url === undefined) throw new Error('the server was not started with an inspector');
  const inspector = await connect(url);
  const ask = (id: number, method: string) => {
    inspector.send({ id, method });
    return inspector.next((message) => (message as { id?: number }).id === id, 30_000);
  };
  try {
    // What a first collection frees may only then be found to have held more.
    for (const id of [1, 2, 3]) await ask(id, 'HeapProfiler.collectGarbage');
    const { usedSize } = usage.parse(await ask(4, 'Runtime.getHeapUsage')).result;
    return { heap: usedSize / MB, process: resident(server.pid) };
  } finally {
    inspector.close(1000);
    await inspector.closed;
  }
}

function resident(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`no VmRSS for process ${String(pid)}`);
  return Number(kilobytes) / 1024;
}
