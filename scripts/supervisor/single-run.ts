import { spawn } from 'node:child_process';

export interface RunOptions {
  /** Arguments. */
  readonly words?: readonly string[];
  /** Signals that are meant for the child. */
  readonly passedOn?: readonly NodeJS.Signals[];
}

/**
 * Runs a compiled server once, as a child that ends when we do.
 * @param stopRequested when it resolves, the server is asked to stop
 * @returns its exit code; 1 when it was killed
 */
export function runToTheEnd(
  entry: string,
  stopRequested: Promise<void>,
  env: NodeJS.ProcessEnv,
  { words = [], passedOn = [] }: RunOptions = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', entry, ...words], {
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A session of its own: Ctrl-C reaches it through us, once.
      detached: true,
    });
    void stopRequested.then(() => child.kill('SIGTERM'));
    for (const signal of passedOn) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
