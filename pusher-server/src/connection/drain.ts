import { CLOSE } from '../protocol/errors.ts';
import type { ConnectionRegistry } from './connection-registry.ts';

/** Clients come back the moment they read 4200, so closes are spread; few connections need not take the whole time. */
const MAX_GAP_MS = 250;
const SLICE_MS = 50;

/** Closes every connection with 4200, evenly over at most `graceMs`; resolves when none is left. SPEC.md L6. */
export async function drainConnections(registry: ConnectionRegistry, graceMs: number): Promise<void> {
  const waiting = [...registry.all()];
  const duration = Math.min(graceMs, waiting.length * MAX_GAP_MS);
  const startedAt = performance.now();
  for (let closed = 0; closed < waiting.length;) {
    const elapsed = performance.now() - startedAt;
    const due = elapsed >= duration ? waiting.length : Math.floor((elapsed / duration) * waiting.length) + 1;
    for (const connection of waiting.slice(closed, due)) connection.end(CLOSE.reconnect, 'The server is going away');
    closed = due;
    if (closed < waiting.length) await new Promise((resolve) => setTimeout(resolve, SLICE_MS));
  }
}
