// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openStore } from './store.ts';

beforeEach(() => localStorage.clear());
afterEach(() => vi.restoreAllMocks());

it('writes nothing before it is told to', () => {
  const store = openStore('acme');
  expect(store.get('')).toBeNull();
  expect(localStorage).toHaveLength(0);
});

it('keeps visitors whom the site names apart from our own', () => {
  const store = openStore('acme');
  store.put('', 'draft', 'anonymous');
  store.put('u-5', 'draft', 'named');
  expect(store.get('')).toEqual({ draft: 'anonymous' });
  expect(store.get('u-5')).toEqual({ draft: 'named' });
  expect(Object.keys(localStorage).sort()).toEqual(['kefu.acme', 'kefu.acme.u-5']);
});

it('leaves what another tab wrote to other entries', () => {
  const [one, other] = [openStore('acme'), openStore('acme')];
  one.put('', 'pending.a', '1');
  other.put('', 'draft', 'x');
  one.put('', 'pending.a', '');
  expect(other.get('')).toEqual({ draft: 'x' });
});

it.each(['not JSON', '', '5x'])('takes %j, which is not ours, for nothing', (text) => {
  localStorage.setItem('kefu.acme', text);
  expect(openStore('acme').get('')).toBeNull();
});

it('lives on in memory where storage is refused', () => {
  const refuse = () => {
    throw new DOMException('refused', 'SecurityError');
  };
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse);
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse);
  vi.spyOn(Storage.prototype, 'removeItem').mockImplementation(refuse);
  const store = openStore('acme');
  store.put('', 'draft', 'x');
  expect(store.get('')).toEqual({ draft: 'x' });
  store.remove('');
  expect(store.get('')).toBeNull();
});
