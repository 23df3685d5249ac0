import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { writePrivateFile } from '../environment/data-folder.ts';
import { processStartedAt } from '../process-lock.mjs';

/**
 * The server processes of a supervisor that was killed: they end by themselves when it is gone, but still hold their
 * ports for a moment. `DATA_DIR/processes.json` names them, so that the next start can wait.
 */

const fileSchema = z.array(z.object({ name: z.string(), pid: z.number(), startedAt: z.string() }));
type Processes = z.infer<typeof fileSchema>;

const pollMs = 50;
const patienceMs = 30_000;

function fileOf(dataDir: string): string {
  return join(dataDir, 'processes.json');
}

function isAlive({ pid, startedAt }: Processes[number]): boolean {
  return processStartedAt(pid) === startedAt;
}

function read(dataDir: string): Processes {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  } catch {
    // Nothing or nothing readable was left behind: then there is nobody to wait for.
    return [];
  }
}

/** Notes that a server process of ours runs. */
export function noteChild(dataDir: string, name: string, pid: number): void {
  const startedAt = processStartedAt(pid);
  if (startedAt === null) return;
  const others = read(dataDir).filter(isAlive);
  writePrivateFile(fileOf(dataDir), `${JSON.stringify([...others, { name, pid, startedAt }])}\n`);
}

/** Forgets them all; they have been stopped. */
export function forgetChildren(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** Waits until those of a killed supervisor have ended; what does not end is killed. */
export async function awaitFormerChildren(dataDir: string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  let former = read(dataDir).filter(isAlive);
  if (former.length > 0) console.log('Waiting for the servers of an earlier start to end …');
  while (former.length > 0) {
    if (Date.now() > deadline) for (const { pid } of former) process.kill(pid, 'SIGKILL');
    await delay(pollMs);
    former = former.filter(isAlive);
  }
  forgetChildren(dataDir);
}
