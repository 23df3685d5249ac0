import { expect, test } from 'vitest';
import { recognise } from './proof-rules.ts';
import { checkVisitorId, isWidgetId, makeWidgetId, visitorChannel } from './visitor-id-rules.ts';

const modern = { legacyVisitors: false, identityRequired: false };
const legacy = { ...modern, legacyVisitors: true };

const stranger = { kind: 'visitor', proof: 'none', tokenRequired: false } as const;

test('a stranger’s word is enough where legacy visitors are served, until a token was once shown', () => {
  expect(recognise(stranger, 'none', legacy)).toBe('welcome');
  expect(recognise({ ...stranger, tokenRequired: true }, 'none', legacy)).toBe('refuse');
  expect(recognise(stranger, 'none', modern)).toBe('refuse');
  expect(recognise(stranger, 'token', modern)).toBe('welcome');
});

test('an id that the widget made, or the site named, needs proof everywhere', () => {
  for (const proof of ['widget', 'site'] as const) {
    const user = { kind: 'visitor', proof, tokenRequired: true } as const;
    expect(recognise(user, 'none', legacy)).toBe('refuse');
    expect(recognise(user, 'token', modern)).toBe('welcome');
    expect(recognise(user, 'site', modern)).toBe('welcome');
  }
});

test('the site takes an id back from a stranger', () => {
  expect(recognise(stranger, 'site', legacy)).toBe('displace');
});

test('where the site signs every visitor, a stranger’s word and a stranger’s token are worth nothing', () => {
  for (const business of [modern, legacy]) {
    const signs = { ...business, identityRequired: true };
    expect(recognise(stranger, 'none', signs)).toBe('refuse');
    expect(recognise(stranger, 'token', signs)).toBe('refuse');
    expect(recognise(stranger, 'site', signs)).toBe('displace');
    expect(recognise({ kind: 'visitor', proof: 'site', tokenRequired: true }, 'token', signs)).toBe('welcome');
    expect(recognise({ kind: 'visitor', proof: 'widget', tokenRequired: true }, 'token', signs)).toBe('welcome');
  }
});

test('nobody visits as an agent', () => {
  for (const proof of ['none', 'token', 'site'] as const) {
    expect(recognise({ kind: 'agent', proof: 'site', tokenRequired: true }, proof, legacy)).toBe('refuse');
  }
});

test('the channel is the hexadecimal of uid/slug', () => {
  expect(visitorChannel('1', 'admin')).toBe('312f61646d696e');
  expect(visitorChannel('访客', 'a')).toBe(Buffer.from('访客/a').toString('hex'));
});

test('uid and slug may have 89 bytes of UTF-8 together, so that the channel name has at most 200 characters', () => {
  const slug = 'acme';
  const longest = 'x'.repeat(85);
  expect(() => checkVisitorId(longest, slug)).not.toThrow();
  expect(`private-encrypted-cu${visitorChannel(longest, slug)}`).toHaveLength(200);
  expect(() => checkVisitorId(`${longest}x`, slug)).toThrow(/89 bytes/);
  expect(() => checkVisitorId('访'.repeat(28), slug)).not.toThrow();
  expect(() => checkVisitorId('访'.repeat(29), slug)).toThrow(/89 bytes/);
});

test.each([[''], ['a\u0000b'], ['\ud800']])('%j is no visitor id', (uid) => {
  expect(() => checkVisitorId(uid, 'acme')).toThrow(expect.objectContaining({ code: 'invalid' }) as Error);
});

test('widget ids are w- and 32 hex digits, and never twice the same', () => {
  expect(isWidgetId(makeWidgetId())).toBe(true);
  expect(makeWidgetId()).not.toBe(makeWidgetId());
  expect(isWidgetId('w-123')).toBe(false);
  expect(isWidgetId(makeWidgetId().toUpperCase())).toBe(false);
});
