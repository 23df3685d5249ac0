import { describe, expect, it } from 'vitest';
import { createToasts } from './toasts.ts';

describe('toasts', () => {
  it('are three at most, the oldest going first, and the same word stands once', () => {
    const toasts = createToasts();
    for (const text of ['a', 'b', 'c', 'd', 'c']) toasts.show('error', text);
    expect(toasts.list.value.map(({ text }) => text)).toEqual(['b', 'd', 'c']);
    toasts.dismiss(toasts.list.value[0]?.id ?? 0);
    expect(toasts.list.value.map(({ text }) => text)).toEqual(['d', 'c']);
  });
});
