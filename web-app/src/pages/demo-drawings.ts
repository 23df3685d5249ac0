/** Line drawings of the demo shop, coloured by its styles. Decoration: hidden from screen readers. */

const gaiwan = `<ellipse class="base" cx="160" cy="168" rx="92" ry="10"/>
<path class="pot" d="M92 92h136c0 44-26 70-52 74h-32c-26-4-52-30-52-74z"/><path class="pot" d="M104 84c6-26 28-38 56-38s50 12 56 38z"/>
<circle class="pot" cx="160" cy="40" r="9"/><path class="rim" d="M92 92h136M118 72c8-10 20-15 34-16"/>`;

const mug = `<ellipse class="base" cx="152" cy="172" rx="74" ry="8"/><path class="pot" d="M92 56h120v84a28 28 0 0 1-28 28h-64a28 28 0 0 1-28-28z"/>
<path class="pot" d="M208 78h14a28 28 0 0 1 0 60h-14v-14h12a15 15 0 0 0 0-32h-12z"/><path class="rim" d="M92 128c18-26 30-30 44-10 16-34 34-36 52 0 8-12 16-14 24-6"/>`;

const vase = `<path class="stem" d="M160 78c0-30 10-46 34-56M164 56c10-2 18-8 22-18M160 66c-8-6-14-14-16-26"/>
<ellipse class="base" cx="160" cy="176" rx="58" ry="8"/><path class="pot" d="M148 78h24v22c22 10 34 28 34 46 0 18-18 28-46 28s-46-10-46-28c0-18 12-36 34-46z"/>
<path class="rim" d="M128 136c4-12 12-20 22-26"/>`;

function drawing(shapes: string, viewBox: string, className = ''): string {
  const attributes = className === '' ? '' : ` class="${className}"`;
  return `<svg${attributes} viewBox="${viewBox}" aria-hidden="true" focusable="false">${shapes}</svg>`;
}

export const goodsDrawings = [gaiwan, mug, vase].map((shapes) => drawing(shapes, '0 0 320 210'));

export const heroDrawing = drawing(
  `<path class="stem" d="M0 250c70-70 120-84 170-34 52-90 128-104 210 6 38-34 70-36 100-14"/>
<g transform="translate(20 110)">${gaiwan}</g><g transform="translate(210 128) scale(.9)">${vase}</g>`,
  '0 0 480 340',
  'scene',
);

export const brandDrawing = drawing(
  `<circle class="pot" cx="18" cy="18" r="18"/><path class="rim" d="M6 23c6-9 10-10 14-4 4-8 8-8 11-1"/>`,
  '0 0 36 36',
);
