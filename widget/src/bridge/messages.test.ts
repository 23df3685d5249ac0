import { describe, expect, it } from 'vitest';
import { envelope, nobody, readToLoader, readToPanel, type Init } from './messages.ts';

const init: Init = {
  type: 'init',
  business: 'acme',
  identity: { ...nobody, id: 'u-5' },
  saved: [{ key: 'draft', value: '您好' }],
  look: { locale: 'en', theme: 'dark' },
  page: 'https://shop.example/',
  referrer: '',
  team: 0,
  open: true,
};

describe('the bridge between loader and panel', () => {
  it('carries a message whole', () => {
    expect(readToPanel(envelope(init))).toEqual(init);
    expect(readToLoader(envelope({ type: 'unread', count: 3 }))).toEqual({ type: 'unread', count: 3 });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'openkefu:1'],
    ['somebody else’s message', { type: 'close' }],
    ['another version', { bridge: 'openkefu:2', type: 'close' }],
    ['an unknown type', { bridge: 'openkefu:1', type: 'eval' }],
    ['a name that every object has', { bridge: 'openkefu:1', type: 'constructor' }],
    ['a type of the other direction', envelope(init)],
    ['a missing field', { bridge: 'openkefu:1', type: 'put', key: 'draft' }],
    ['a field of another type', { bridge: 'openkefu:1', type: 'put', key: 'draft', value: 5 }],
    ['a count that is none', { bridge: 'openkefu:1', type: 'unread', count: -1 }],
    ['a count too large to be one', { bridge: 'openkefu:1', type: 'unread', count: 2 ** 60 }],
    ['a text without end', { bridge: 'openkefu:1', type: 'error', code: 'x'.repeat(70_000) }],
  ])('refuses %s', (_what, data) => {
    expect(readToLoader(data)).toBeNull();
  });

  it('refuses a list in which one item is wrong', () => {
    expect(readToPanel(envelope({ ...init, saved: [{ key: 'draft', value: '' }, { key: 'x' }] } as Init))).toBeNull();
    expect(readToPanel({ ...envelope(init), saved: 'draft' })).toBeNull();
    expect(readToPanel({ ...envelope(init), saved: { length: 0 } })).toBeNull();
    expect(readToPanel({ ...envelope(init), identity: [] })).toBeNull();
  });

  it('leaves behind what it does not know', () => {
    const message = readToLoader({ ...envelope({ type: 'error', code: 'x' }), html: '<b>', __proto__: { sneaky: 1 } });
    expect(message).toEqual({ type: 'error', code: 'x' });
    expect(Object.keys(message ?? {}).sort()).toEqual(['code', 'type']);
  });
});
