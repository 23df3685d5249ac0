import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** `npm start` (or another program of the root) as a person or another program runs it. */
export interface StartedCommand {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves to the match when what it prints first matches; rejects with everything printed when it ends before. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Forgets what was printed, so that `until` sees only what comes. */
  forget(): void;
  signal(name: NodeJS.Signals): void;
  readonly exited: Promise<number | null>;
}

const root = join(import.meta.dirname, '..');

/** Runs a command in the root with exactly these variables on top of the machine's. */
export function startCommand(command: string, args: readonly string[], env: Record<string, string>): StartedCommand {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = { out: '', err: '' };
  const listeners = new Set<() => void>();
  const keep = (where: 'out' | 'err') => (chunk: Buffer) => {
    printed[where] += chunk.toString('utf8');
    for (const look of listeners) look();
  };
  child.stdout.on('data', keep('out'));
  child.stderr.on('data', keep('err'));
  // Its own end, not that of its output: a server that outlived it would hold the pipe open.
  const exited = once(child, 'exit').then(([code]) => code as number | null);

  const until = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const look = () => {
        const match = printed.out.match(pattern) ?? printed.err.match(pattern);
        if (match === null) return;
        listeners.delete(look);
        resolve(match);
      };
      listeners.add(look);
      look();
      void exited.then((code) => {
        look();
        reject(new Error(`ended with ${code} and never printed ${pattern.source}:\n${printed.out}${printed.err}`));
      });
    });

  return {
    pid: child.pid ?? 0,
    stdout: () => printed.out,
    stderr: () => printed.err,
    until,
    forget: () => {
      printed = { out: '', err: '' };
    },
    signal: (name) => {
      child.kill(name);
    },
    exited,
  };
}
