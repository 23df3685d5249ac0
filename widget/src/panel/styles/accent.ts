import { luminance, OWN_ACCENT, parse, type Rgb } from '../../bridge/colour.ts';

/** The colours that follow from a business's accent, as values of the tokens in `tokens.css`. */
export type AccentTokens = Record<
  '--accent' | '--accent-hover' | '--accent-tint' | '--on-accent' | '--link' | '--ring',
  string
>;

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
const SURFACES = { light: [255, 255, 255], dark: [22, 27, 34] } as const;
/** WCAG 2.2, 1.4.3 for text and 1.4.11 for what is no text. */
const TEXT_CONTRAST = 4.5;
const SHAPE_CONTRAST = 3;
/** Between a button and its surface: enough to see it, little enough to leave a site its yellow. */
const GROUND_CONTRAST = 1.3;
/** White that is this close to enough gets a slightly darker ground rather than giving way to black. */
const NEARLY = 4;
const STEP = 0.02;

/** @returns null for our own accent, and for what is no `#rrggbb` */
export function accentTokens(accent: string, theme: 'light' | 'dark'): AccentTokens | null {
  const given = parse(accent);
  if (given === null || accent.toLowerCase() === OWN_ACCENT) return null;
  const surface = SURFACES[theme];
  const away = theme === 'light' ? BLACK : WHITE;
  const shown = until(given, away, (colour) => contrast(colour, surface) >= GROUND_CONTRAST);
  const whiteFits = contrast(shown, WHITE) >= NEARLY;
  const ground = whiteFits ? until(shown, BLACK, (colour) => contrast(colour, WHITE) >= TEXT_CONTRAST) : shown;
  const onGround = contrast(ground, WHITE) >= contrast(ground, BLACK) || whiteFits ? WHITE : BLACK;
  const tint = mix(surface, ground, theme === 'light' ? 0.1 : 0.18);
  const onBoth = (colour: Rgb) => Math.min(contrast(colour, surface), contrast(colour, tint));
  return {
    '--accent': hex(ground),
    // Away from its text, so that hovering never costs contrast.
    '--accent-hover': hex(mix(ground, onGround === WHITE ? BLACK : WHITE, 0.14)),
    '--accent-tint': hex(tint),
    '--on-accent': hex(onGround),
    '--link': hex(until(ground, away, (colour) => onBoth(colour) >= TEXT_CONTRAST + 0.3)),
    '--ring': hex(until(ground, away, (colour) => onBoth(colour) >= SHAPE_CONTRAST)),
  };
}

/** WCAG's ratio, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** Moves a colour towards another until it is right. */
function until(colour: Rgb, towards: Rgb, right: (colour: Rgb) => boolean): Rgb {
  for (let share = 0; share < 1; share += STEP) {
    const moved = rounded(mix(colour, towards, share));
    if (right(moved)) return moved;
  }
  return towards;
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => a[index] + (b[index] - a[index]) * share;
  return [part(0), part(1), part(2)];
}

function rounded([red, green, blue]: Rgb): Rgb {
  return [Math.round(red), Math.round(green), Math.round(blue)];
}

function hex(colour: Rgb): string {
  return `#${rounded(colour)
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;
}
