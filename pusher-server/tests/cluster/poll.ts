import { expect } from 'vitest';
import { PATIENCE_MS } from './nodes.ts';

interface PollOptions {
  readonly timeout?: number;
  readonly interval?: number;
}

/**
 * Asks again and again until the answer is as expected, and throws how it last differed when that takes too long. Vitest's
 * own `expect.poll` cannot be used by tests that run at the same time.
 */
export function poll<Value>(
  read: () => Value | Promise<Value>,
  { timeout = PATIENCE_MS, interval = 20 }: PollOptions = {},
) {
  const until = async (check: (value: Value) => void) => {
    const deadline = Date.now() + timeout;
    for (;;) {
      try {
        check(await read());
        return;
      } catch (error) {
        if (Date.now() >= deadline) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  };
  return {
    toBe: (expected: unknown) => until((value) => expect(value).toBe(expected)),
    toEqual: (expected: unknown) => until((value) => expect(value).toEqual(expected)),
    toContain: (expected: unknown) => until((value) => expect(value).toContain(expected)),
    toHaveLength: (expected: number) => until((value) => expect(value).toHaveLength(expected)),
  };
}
