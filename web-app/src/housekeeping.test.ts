import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepHouse } from './housekeeping.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('runs every job now and once an hour, whatever became of the others', async () => {
  const logger = { info: vi.fn(), warn: vi.fn() };
  const broken = vi.fn(() => Promise.reject(new Error('no disk')));
  const works = vi.fn().mockResolvedValueOnce(3).mockResolvedValue(0);
  const house = keepHouse({ broken, works }, logger);
  await vi.advanceTimersByTimeAsync(0);
  expect([broken.mock.calls.length, works.mock.calls.length]).toEqual([1, 1]);
  expect(logger.info).toHaveBeenCalledWith({ job: 'works', removed: 3 }, expect.any(String));
  expect(logger.warn).toHaveBeenCalledWith(expect.objectContaining({ job: 'broken' }), expect.any(String));

  await vi.advanceTimersByTimeAsync(60 * 60 * 1000);
  expect([broken.mock.calls.length, works.mock.calls.length]).toEqual([2, 2]);
  await house.close();
  await vi.advanceTimersByTimeAsync(2 * 60 * 60 * 1000);
  expect(works).toHaveBeenCalledTimes(2);
});
