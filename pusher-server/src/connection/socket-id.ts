import { randomFillSync } from 'node:crypto';

const POOL_SIZE = 1024;
const pool = new Uint32Array(POOL_SIZE);
let next = POOL_SIZE;

/**
 * A new socket id: two random 32-bit numbers with a dot between, the form that server libraries insist on, and unique
 * over all nodes by its size alone.
 */
export function newSocketId(): string {
  // Joined, the text is one piece of memory; put together it would keep its parts for as long as the connection lives.
  return [random(), random()].join('.');
}

/** Randomness is drawn in portions: asking the system for each connection costs more than the rest of the id. */
function random(): number {
  if (next === POOL_SIZE) {
    randomFillSync(pool);
    next = 0;
  }
  return pool[next++] ?? 0;
}
