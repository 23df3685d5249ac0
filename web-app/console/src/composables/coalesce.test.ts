import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { coalesce } from './coalesce.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const unreachable = () => new ApiError(0, 'unreachable', 'The server did not answer');

describe('coalesce', () => {
  it('runs once more, not three times more, for three requests during a run', async () => {
    let runs = 0;
    let finish = () => {};
    const work = coalesce(() => {
      runs += 1;
      return new Promise((resolve) => (finish = resolve));
    });
    const first = work.request();
    const later = [work.request(), work.request(), work.request()];
    expect(runs).toBe(1);
    finish();
    await first;
    await vi.advanceTimersByTimeAsync(0);
    expect(runs).toBe(2);
    finish();
    await Promise.all(later);
    expect(runs).toBe(2);
  });

  it('tries again after what may pass, until it succeeds', async () => {
    const failures: boolean[] = [];
    let left = 3;
    const work = coalesce(
      () => {
        left -= 1;
        return left > 0 ? Promise.reject(unreachable()) : Promise.resolve();
      },
      { onFailure: (_error, final) => failures.push(final) },
    );
    const done = work.request();
    await vi.advanceTimersByTimeAsync(5000);
    await done;
    expect(left).toBe(0);
    expect(failures).toEqual([false, false]);
  });

  it('tries at once when told that the server is back', async () => {
    let runs = 0;
    const work = coalesce(() => {
      runs += 1;
      return runs === 1 ? Promise.reject(unreachable()) : Promise.resolve();
    });
    const done = work.request();
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toBe(1);
    work.hurry();
    await done;
    expect(runs).toBe(2);
  });

  it('does not repeat what was refused', async () => {
    const failures: boolean[] = [];
    const work = coalesce(() => Promise.reject(new ApiError(404, 'not_found', 'There is no such conversation')), {
      onFailure: (_error, final) => failures.push(final),
    });
    await work.request();
    expect(failures).toEqual([true]);
  });

  it('keeps the stated distance between two runs', async () => {
    let runs = 0;
    const work = coalesce(
      () => {
        runs += 1;
        return Promise.resolve();
      },
      { spacingMs: 300 },
    );
    await work.request();
    const second = work.request();
    await vi.advanceTimersByTimeAsync(299);
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await second;
    expect(runs).toBe(2);
  });

  it('lets everybody go when closed', async () => {
    const work = coalesce(() => Promise.reject(unreachable()));
    const done = work.request();
    await vi.advanceTimersByTimeAsync(1);
    work.close();
    await done;
    await work.request();
  });
});
