// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest';
import { createTitleBadge } from './title-badge.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  document.title = 'Shop';
});

it('counts before the title, and leaves it as it was', () => {
  const show = createTitleBadge();
  show(2);
  expect(document.title).toBe('(2) Shop');
  show(100);
  expect(document.title).toBe('(99+) Shop');
  show(0);
  expect(document.title).toBe('Shop');
});

it('goes before a title that the page sets meanwhile', async () => {
  const show = createTitleBadge();
  show(1);
  document.title = 'Cart';
  await settled();
  expect(document.title).toBe('(1) Cart');
  show(0);
  document.title = 'Home';
  await settled();
  expect(document.title).toBe('Home');
});
