/**
 * What somebody writes who wants to run something in other people's pages. Every script of these calls `executed`,
 * which a test puts into all pages.
 */
export const IMAGE = '<img src=x onerror=executed(1)>';
export const SCRIPT = '"><script>executed(2)</script>';
const LINK = 'javascript:executed(3)';
const ATTRIBUTE = `" onmouseover="executed(4)" x='`;
const QUOTE = "' autofocus onfocus='executed(5)";
const MARKDOWN = '[here](javascript:executed(6)) ![x](x"onerror="executed(7)) <svg/onload=executed(8)>';
const TEMPLATE = '{{constructor.constructor("executed(9)")()}} ${executed(10)}';
const END_OF_FIELD = '</textarea></title></style><svg onload=executed(11)>';
const FRAME = '<iframe srcdoc="<script>parent.executed(12)</script>"></iframe>';
/** Turns what follows around, so that a name ends otherwise than it seems to. */
const TURNED = 'gpj.\u202eexe.\u2066<b>';
const ENTITIES = '&lt;b&gt; &amp;amp; &#60;script&#62;';
const FACE = 'face[<img src=x onerror=executed(13)>] img[x" onerror="executed(14)] file(javascript:executed(15))[x]';

export const HOSTILE: readonly string[] = [
  IMAGE,
  SCRIPT,
  LINK,
  ATTRIBUTE,
  QUOTE,
  MARKDOWN,
  TEMPLATE,
  END_OF_FIELD,
  FRAME,
  TURNED,
  ENTITIES,
  FACE,
];
/** All of it, as long as a message may be. */
export const HOSTILE_PAGE = `${HOSTILE.join('\n')}\n${'<b onclick=executed(16)>'.repeat(500)}`.slice(0, 10_000);
/** What could only stand in a page because markup of those above became elements or addresses. */
export const TRACES = [
  '[onerror]',
  '[onload]',
  '[onmouseover]',
  '[onfocus]',
  '[onclick]',
  // Pages that managers wrote stand in one where no script runs; it is looked into by itself.
  'iframe[srcdoc]:not([sandbox])',
  ...['href', 'src', 'action', 'formaction', 'data'].map((name) => `[${name}^="javascript:" i]`),
].join(', ');
