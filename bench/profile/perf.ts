import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PlainError } from '../../scripts/setup/terminal.mjs';
import { parseReport, type Sample } from './report.ts';

/** Node's own flag that names compiled JavaScript for perf, in `/tmp/perf-PID.map`. */
export const PERF_FLAGS = ['--perf-basic-prof'];

const PER_SECOND = '1999';
const ATTACH_MS = 500;
const MAX_REPORT = 64 * 1024 * 1024;

/**
 * Samples a process while `work` runs, natively: V8's own profiler takes all that uWebSockets.js does outside of
 * JavaScript for idling. Throws a `PlainError` where there is no perf.
 */
export async function perfDuring(pid: number, work: () => Promise<void>): Promise<readonly Sample[]> {
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-perf-'));
  const data = join(folder, 'perf.data');
  try {
    const perf = spawn('perf', ['record', '-q', '-F', PER_SECOND, '-o', data, '-p', String(pid)], { stdio: 'ignore' });
    const failed = once(perf, 'error').then(() => {
      throw new PlainError('There is no perf on PATH, which a profile needs (Debian: linux-perf).');
    });
    const ended = once(perf, 'exit');
    await Promise.race([failed, delay(ATTACH_MS)]);
    await work();
    perf.kill('SIGINT');
    await ended;
    // The map must still be there, so the process is asked before it is stopped.
    const { stdout } = await promisify(execFile)(
      'perf',
      ['report', '-i', data, '--stdio', '--no-children', '-g', 'none', '--sort', 'dso,sym', '-t', '|'],
      { maxBuffer: MAX_REPORT },
    );
    return parseReport(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(`/tmp/perf-${String(pid)}.map`, { force: true });
  }
}
