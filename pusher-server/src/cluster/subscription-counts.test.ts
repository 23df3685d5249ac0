import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SubscriptionCounts } from './subscription-counts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('S11: tells every change up to 100, then one in five seconds, and the last number always', () => {
  const told: number[] = [];
  const channel = { sockets: 0 };
  const counts = new SubscriptionCounts<typeof channel>(({ sockets }) => told.push(sockets));
  const becomes = (sockets: number) => {
    channel.sockets = sockets;
    counts.changed(channel);
  };
  for (const sockets of [99, 100, 101, 102, 103]) becomes(sockets);
  expect(told).toEqual([99, 100, 101]);
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual([99, 100, 101, 103]);
  becomes(104);
  expect(told).toHaveLength(4);
  becomes(100);
  expect(told.at(-1)).toBe(100);
  becomes(101);
  vi.advanceTimersByTime(20_000);
  expect(told).toEqual([99, 100, 101, 103, 100, 101]);
  counts.close();
});
