import { brandDrawing, goodsDrawings, heroDrawing } from './demo-drawings.ts';
import { demoStyles } from './demo-styles.ts';
import { demoTexts } from './demo-texts.ts';
import { escaped } from './escaped.ts';

export interface DemoRequest {
  /** Lets in the page's own style and script under its policy. */
  nonce: string;
  /** Whose widget is shown; what is no business id counts as none. */
  businessId: string;
  defaultBusinessId: string;
  /** A language tag. */
  language: string;
}

/** A small shop that includes the widget by the documented snippet. */
export function demoPage({ nonce, businessId, defaultBusinessId, language }: DemoRequest): string {
  const texts = demoTexts(language);
  const business = /^[A-Za-z0-9_.-]{1,64}$/.test(businessId) ? businessId : defaultBusinessId;
  const otherQuery = new URLSearchParams({ lang: texts.other.lang, business_id: business }).toString();
  const goods = texts.goods.map(
    ({ name, text, price }, index) => `<li class="card">${goodsDrawings[index] ?? ''}
<div><h3>${escaped(name)}</h3><p>${escaped(text)}</p><strong>${escaped(price)}</strong></div></li>`,
  );
  const promises = texts.promises.map(
    ({ name, text }) => `<div><dt>${escaped(name)}</dt><dd>${escaped(text)}</dd></div>`,
  );
  const heading = texts.hero.heading.map((part) => `<span>${escaped(part)}</span>`);
  return `<!doctype html>
<html lang="${texts.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(texts.title)}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${demoStyles}</style>
</head>
<body>
<a class="skip" href="#main">${escaped(texts.skip)}</a>
<aside class="hint"><div class="wide"><span>${escaped(texts.hint.text)}</span>
<a href="/console/" target="_blank" rel="noopener">${escaped(texts.hint.link)}</a></div></aside>
<header><div class="wide">
<a class="brand" href="#main">${brandDrawing}<span><b>${escaped(texts.shop)}</b><small>${escaped(texts.motto)}</small></span></a>
<nav><a href="#goods">${escaped(texts.nav.goods)}</a><a href="#promise">${escaped(texts.nav.promise)}</a>
<a href="?${escaped(otherQuery)}" lang="${texts.other.lang}" hreflang="${texts.other.lang}">${escaped(texts.other.label)}</a></nav>
</div></header>
<main id="main" class="wide">
<div class="hero"><div><h1>${heading.join('')}</h1><p>${escaped(texts.hero.text)}</p>
<a class="action" href="#goods">${escaped(texts.hero.action)}</a></div>${heroDrawing}</div>
<section id="goods"><h2>${escaped(texts.goodsHeading)}</h2><ul class="cards">${goods.join('\n')}</ul>
<p class="note">${escaped(texts.ask)}</p></section>
<section id="promise"><h2>${escaped(texts.promiseHeading)}</h2><dl class="promises">${promises.join('\n')}</dl></section>
</main>
<footer><div class="wide">${escaped(texts.footer)}</div></footer>
${snippet(business, nonce)}
</body>
</html>
`;
}

/** What a site pastes into its pages; the nonce is for the policy of this one. */
function snippet(businessId: string, nonce: string): string {
  const options = JSON.stringify({ business_id: businessId });
  return `<script nonce="${nonce}">window.OpenKefu=window.OpenKefu||function(){(OpenKefu.q=OpenKefu.q||[]).push(arguments)};OpenKefu('boot',${options})</script>
<script async src="/widget.js"></script>`;
}
