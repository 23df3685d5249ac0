import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from '../../bridge/colour.ts';
import { accentTokens, contrast } from './accent.ts';

const colour = fc
  .tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 255 })))
  .map((parts) => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`);
const rgb = (text: string) => parse(text) ?? [0, 0, 0];
const surfaces = { light: '#ffffff', dark: '#161b22' } as const;

it('any accent leaves text readable and buttons visible, in both themes', () => {
  fc.assert(
    fc.property(colour, fc.constantFrom('light', 'dark'), (accent, theme) => {
      const tokens = accentTokens(accent, theme);
      if (tokens === null) return;
      const surface = rgb(surfaces[theme]);
      expect(contrast(rgb(tokens['--on-accent']), rgb(tokens['--accent']))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb(tokens['--on-accent']), rgb(tokens['--accent-hover']))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb(tokens['--link']), surface)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb(tokens['--link']), rgb(tokens['--accent-tint']))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb(tokens['--ring']), surface)).toBeGreaterThanOrEqual(3);
      expect(contrast(rgb(tokens['--accent']), surface)).toBeGreaterThanOrEqual(1.2);
    }),
    { numRuns: 500 },
  );
});

it.each([
  ['#e4002b', '#ffffff'],
  ['#ffcc00', '#000000'],
  ['#0f766e', '#ffffff'],
])('on %s stands %s', (accent, text) => {
  expect(accentTokens(accent, 'light')?.['--on-accent']).toBe(text);
});

it('leaves a site its own colour where text can stand on it', () => {
  expect(accentTokens('#ffcc00', 'light')?.['--accent']).toBe('#ffcc00');
  expect(accentTokens('#0f766e', 'dark')?.['--accent']).toBe('#0f766e');
});

it.each(['#2F6BFF', 'red', '#12', '', '#12345g', 'url(x)'])('%j changes nothing', (accent) => {
  expect(accentTokens(accent, 'light')).toBeNull();
});
