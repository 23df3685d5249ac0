// @vitest-environment jsdom
import { effectScope, nextTick, ref } from 'vue';
import { describe, expect, it } from 'vitest';
import { titleFor, useTitleBadge } from './use-title-badge.ts';

describe('the title', () => {
  it('counts what is unread, up to a point', () => {
    expect([0, -1, 3, 100].map(titleFor)).toEqual(['OpenKefu', 'OpenKefu', '(3) OpenKefu', '(99+) OpenKefu']);
  });

  it('follows the count together with the icon, and is clean at the end', async () => {
    document.head.innerHTML = '<link rel="icon" href="/favicon.svg" />';
    const icon = () => document.querySelector('link')?.getAttribute('href');
    const unread = ref(0);
    const scope = effectScope();
    scope.run(() => useTitleBadge(() => unread.value));
    unread.value = 2;
    await nextTick();
    expect([document.title, icon()]).toEqual(['(2) OpenKefu', '/favicon-unread.svg']);
    scope.stop();
    expect([document.title, icon()]).toEqual(['OpenKefu', '/favicon.svg']);
  });
});
