import { describe, expect, it } from 'vitest';
import { AppsFault, parseApps } from './apps-file.ts';

const app = { id: 'a', key: 'k', secret: 's' };

function faultsOf(value: unknown): readonly string[] {
  try {
    parseApps(typeof value === 'string' ? value : JSON.stringify(value));
  } catch (error) {
    if (error instanceof AppsFault) return error.lines;
    throw error;
  }
  return [];
}

describe('a file of apps', () => {
  it('A1: needs only id, key and secret', () => {
    expect(parseApps(JSON.stringify([app]))[0]).toMatchObject({ maxConnections: -1, maxEventPayloadInKb: 10 });
  });

  it.each([
    ['no JSON', '[{', ['must hold JSON']],
    ['no array', {}, ['must hold a JSON array of apps']],
    ['no app', [], ['holds no app']],
    ['an unknown field', [{ ...app, maxConections: 5 }], ['app a: unknown field maxConections']],
    [
      'an unknown field of a webhook',
      [{ ...app, webhooks: [{ url: 'http://x.example', lambda_function: 'f', retries: 3 }] }],
      ['app a: webhooks.0: unknown field lambda_function, retries'],
    ],
    [
      'an unknown field of a filter',
      [{ ...app, webhooks: [{ url: 'http://x.example', filter: { prefix: 'a' } }] }],
      ['app a: webhooks.0.filter: unknown field prefix'],
    ],
    ['half a previous pair', [{ ...app, previousKey: 'old' }], ['app a: previousKey and previousSecret go together']],
    ['two apps of one id', [app, { ...app, key: 'l' }], ['two apps have the same id: a']],
    ['two apps of one key', [app, { ...app, id: 'b' }], ['two apps have the same key: k']],
    [
      'a previous key that is another app’s key',
      [app, { ...app, id: 'b', key: 'l', previousKey: 'k', previousSecret: 'o' }],
      ['two apps have the same key: k'],
    ],
  ])('A1: %s is refused by name', (_what, value, lines) => {
    expect(faultsOf(value)).toEqual(lines);
  });

  it('A1: every fault is a line that says which app and which field', () => {
    const faults = faultsOf([{ ...app, maxConnections: 'many' }, { key: 'l' }]);
    expect(faults).toHaveLength(3);
    expect(faults[0]).toMatch(/^app a: maxConnections: /);
    expect(faults[1]).toMatch(/^app number 2: id: /);
  });

  it('A6: one app may keep its key and replace its secret', () => {
    expect(faultsOf([{ ...app, previousKey: 'k', previousSecret: 'old' }])).toEqual([]);
  });
});
