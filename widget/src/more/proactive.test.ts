// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest';
import { isOnPage } from './page-pattern.ts';
import { createProactive, type ProactiveDeps } from './proactive.ts';

const rules = [
  { page: '/cart', afterS: 10, text: 'Questions about your order?' },
  { page: '', afterS: 30, text: 'Can we help?' },
];
const CART = 'https://shop.example/cart?step=2';
const HOME = 'https://shop.example/';

beforeEach(() => sessionStorage.clear());

function open(change: Partial<ProactiveDeps> = {}) {
  const said: string[] = [];
  const say = (words: string) => said.push(words);
  return {
    said,
    ...createProactive({ rules, memory: sessionStorage, business: 'acme', free: () => true, say, ...change }),
  };
}

it.each([
  ['', HOME, true],
  ['/cart', CART, true],
  ['/cart', HOME, false],
  ['shop.example/*step=2', CART, true],
  ['https://*.example/cart*', CART, true],
  ['*step=3', CART, false],
  ['a.b', 'https://a-b.example/', false],
])('%j on %s: %s', (pattern, address, fits) => {
  expect(isOnPage(pattern, address)).toBe(fits);
});

it('waits for the seconds of the first rule that fits', () => {
  const { said, look } = open();
  look(CART, 9.9);
  look(HOME, 29.9);
  expect(said).toEqual([]);
  look(CART, 10);
  look(HOME, 30);
  expect(said).toEqual(['Questions about your order?', 'Can we help?']);
});

it('says nothing while something else is in the way', () => {
  const { said, look } = open({ free: () => false });
  look(CART, 100);
  expect(said).toEqual([]);
});

it('remembers for the session what was sent away, and that the chat was opened', () => {
  open().heard('Questions about your order?');
  const next = open();
  next.look(CART, 20);
  next.look(CART, 30);
  expect(next.said).toEqual(['Can we help?']);
  next.done();
  const last = open();
  last.look(CART, 100);
  expect(last.said).toEqual([]);
});

it('remembers in memory alone before the visitor agreed to more', () => {
  const { said, look, heard } = open({ memory: null });
  heard('Questions about your order?');
  look(CART, 20);
  expect(said).toEqual([]);
  expect(sessionStorage).toHaveLength(0);
});

it('takes what is not ours for nothing', () => {
  sessionStorage.setItem('kefu.acme.said', 'not JSON');
  const { said, look } = open();
  look(CART, 10);
  expect(said).toHaveLength(1);
});
