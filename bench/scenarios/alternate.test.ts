import { expect, it } from 'vitest';
import { alternate } from './alternate.ts';

it('takes turns, and begins each round with the one that ended the last', async () => {
  const order: string[] = [];
  const results = await alternate(['limit', 'ours'], 3, (name, round) => {
    order.push(`${name} ${String(round)}`);
    return Promise.resolve(`${name}-${String(round)}`);
  });
  expect(order).toEqual(['limit 0', 'ours 0', 'ours 1', 'limit 1', 'limit 2', 'ours 2']);
  expect(results).toEqual([
    ['limit-0', 'limit-1', 'limit-2'],
    ['ours-0', 'ours-1', 'ours-2'],
  ]);
});
