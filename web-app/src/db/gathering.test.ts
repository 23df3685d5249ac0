import { expect, test } from 'vitest';
import { Gathering } from './gathering.ts';

/** Runs of a job that doubles numbers, each held until it is let go. */
function doubling() {
  const runs: { items: readonly number[]; letGo: (error?: Error) => void }[] = [];
  const gathering = new Gathering<number, number>({
    run: (items) =>
      new Promise((resolve, reject) => {
        runs.push({ items, letGo: (error) => (error ? reject(error) : resolve(items.map((item) => item * 2))) });
      }),
    keyOf: (item) => item,
    mayBeOnes: (error) => error instanceof RangeError,
  });
  const took = () => runs.map(({ items }) => items);
  return { gathering, runs, took };
}

test('the first two go at once; what comes meanwhile goes together, and everybody gets their own', async () => {
  const { gathering, runs, took } = doubling();
  const results = [1, 2, 3, 4, 5].map((item) => gathering.run(item));
  expect(took()).toEqual([[1], [2]]);
  runs[0]?.letGo();
  expect(await results[0]).toBe(2);
  await expect.poll(took).toEqual([[1], [2], [3, 4, 5]]);
  runs[2]?.letGo();
  expect(await Promise.all(results.slice(2))).toEqual([6, 8, 10]);
  runs[1]?.letGo();
  expect(await results[1]).toBe(4);
});

test('two of one key are never under way at once', async () => {
  const { gathering, runs, took } = doubling();
  const results = [1, 2, 7, 7, 8].map((item) => gathering.run(item));
  runs[0]?.letGo();
  await expect.poll(took).toEqual([[1], [2], [7, 8]]);
  runs[1]?.letGo();
  expect(await results[1]).toBe(4);
  expect(took()).toHaveLength(3);
  runs[2]?.letGo();
  await expect.poll(took).toEqual([[1], [2], [7, 8], [7]]);
  for (const { letGo } of runs) letGo();
  expect(await Promise.all(results)).toEqual([2, 4, 14, 14, 16]);
});

test('one that fails takes nobody with it', async () => {
  const { gathering, runs, took } = doubling();
  const results = [1, 2, 3, 4].map((item) => gathering.run(item));
  runs[0]?.letGo();
  await expect.poll(took).toEqual([[1], [2], [3, 4]]);
  runs[2]?.letGo(new RangeError('somebody'));
  await expect.poll(took).toEqual([[1], [2], [3, 4], [3], [4]]);
  runs[3]?.letGo(new RangeError('three'));
  runs[4]?.letGo();
  await expect(results[2]).rejects.toThrow('three');
  expect(await results[3]).toBe(8);
  runs[1]?.letGo();
});

test('what is nobody’s fault fails for all, and those after them go on', async () => {
  const { gathering, runs, took } = doubling();
  const results = [1, 2, 3, 4].map((item) => gathering.run(item));
  runs[0]?.letGo();
  await expect.poll(took).toHaveLength(3);
  const failed = Promise.allSettled(results.slice(2));
  runs[2]?.letGo(new Error('the database is away'));
  expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const next = gathering.run(5);
  expect(took().at(-1)).toEqual([5]);
  runs.at(-1)?.letGo();
  expect(await next).toBe(10);
});
