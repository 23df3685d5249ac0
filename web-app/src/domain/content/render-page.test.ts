import { describe, expect, it } from 'vitest';
import { renderPage } from './render-page.ts';

const fromSource = (source: string) => renderPage({ source, html: '' });
const fromHtml = (html: string) => renderPage({ source: '', html });

describe('written pages', () => {
  it('are rendered from Markdown, which wins over HTML', () => {
    expect(renderPage({ source: '**hi** https://shop.example', html: '<h1>no</h1>' })).toBe(
      '<p><strong>hi</strong> <a href="https://shop.example" target="_blank" rel="noopener noreferrer nofollow">https://shop.example</a></p>',
    );
  });

  it('or are the writer’s HTML where there is no source', () => {
    expect(fromHtml('<h2>运费</h2><p>满 <b>99</b></p>')).toBe('<h2>运费</h2><p>满 <b>99</b></p>');
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe src="https://evil.example"></iframe>',
    '<style>body{display:none}</style>',
    '<p style="position:fixed;inset:0">x</p>',
    '<svg onload=alert(1)>',
    '<form action="https://evil.example"><input name=p></form>',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    '<base href="https://evil.example">',
    '[x](javascript:alert(1))',
    '![x](javascript:alert(1))',
  ])('hold nothing that runs, covers or sends: %s', (evil) => {
    for (const html of [fromSource(evil), fromHtml(evil)]) {
      for (const tag of html.match(/<[^>]*>?/g) ?? []) {
        expect(tag).not.toMatch(
          /<(script|iframe|style|svg|form|input|base)|\son\w+=|style=|(href|src)="(javascript|data):/i,
        );
      }
    }
  });
});
