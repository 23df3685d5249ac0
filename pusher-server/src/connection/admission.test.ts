import { describe, expect, it } from 'vitest';
import { appSchema, prepareApp, type AppInput } from '../apps/app.ts';
import { checkApp, checkRequest, isAllowedOrigin } from './admission.ts';

const request = { key: 'k', query: 'protocol=7', origin: '', secure: false };
const roomy = { appConnections: 0, nodeConnections: 0, maxNodeConnections: Infinity };
const app = (input: Partial<AppInput> = {}) =>
  prepareApp(appSchema.parse({ id: 'a', key: 'k', secret: 's', ...input }));

describe('admission', () => {
  it.each([
    ['protocol=4', null],
    ['protocol=7&client=js&version=8.6.0&flash=false', null],
    ['', null],
    ['protocol=', null],
    ['protocol=3', 4007],
    ['protocol=8', 4007],
    ['protocol=0', 4007],
    ['protocol=seven', 4006],
    ['protocol=7.5', 4006],
    ['protocol=-7', 4006],
    ['protocol=7abc', 4006],
    ['protocol=%ff', 4006],
  ])('C3: %j → %s', (query, code) => {
    expect(checkRequest({ ...request, query }, false)?.code ?? null).toBe(code);
  });

  it('C4: strictness refuses a missing protocol', () => {
    expect(checkRequest({ ...request, query: '' }, true)?.code).toBe(4008);
  });

  it('C2: an unknown path is 4005, whatever else is wrong', () => {
    expect(checkRequest({ ...request, key: null, query: 'protocol=x' }, true)?.code).toBe(4005);
  });

  it('C5, C6: refuses by app, quota and capacity', () => {
    expect(checkApp(null, request, roomy)?.code).toBe(4001);
    expect(checkApp(app({ enabled: false }), request, roomy)?.code).toBe(4003);
    expect(checkApp(app({ tlsOnly: true }), request, roomy)?.code).toBe(4000);
    expect(checkApp(app({ tlsOnly: true }), { ...request, secure: true }, roomy)).toBeNull();
    expect(checkApp(app({ maxConnections: 2 }), request, { ...roomy, appConnections: 2 })?.code).toBe(4004);
    expect(checkApp(app(), request, { ...roomy, nodeConnections: 5, maxNodeConnections: 5 })?.code).toBe(4100);
    expect(checkApp(app(), request, roomy)).toBeNull();
  });

  it.each([
    [['*'], 'https://any.example', true],
    [['https://shop.example'], 'https://shop.example', true],
    [['https://shop.example'], 'http://shop.example', false],
    [['shop.example'], 'http://shop.example:8080', true],
    [['*.shop.example'], 'https://eu.shop.example', true],
    [['*.shop.example'], 'https://badshop.example', false],
    [['shop.example'], 'null', false],
    [['shop.example'], '', true],
    [[], 'https://shop.example', false],
  ])('C7: %j and origin %j → %s', (allowed, origin, expected) => {
    expect(isAllowedOrigin(allowed, origin)).toBe(expected);
  });
});
