import { execFileSync } from 'node:child_process';
import { PlainError } from '../../scripts/setup/terminal.mjs';

/** What the largest scenario opens at once in one process, and some more. */
const NEEDED = 12_000;

/** Checks that enough files may be open. Node has raised its own limit to the highest allowed, and children inherit it. */
export function checkOpenFiles(): void {
  const allowed = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  if (allowed === 'unlimited' || Number(allowed) >= NEEDED) return;
  throw new PlainError(
    `A process may have ${allowed} files open here, and the bench needs ${String(NEEDED)} (a connection is a file). ` +
      `Raise it in this shell first: ulimit -Hn ${String(NEEDED)} && ulimit -n ${String(NEEDED)}, as root where that is refused.`,
  );
}
