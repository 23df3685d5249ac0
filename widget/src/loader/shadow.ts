/**
 * An element with a shadow root and a style sheet, not yet in the page. Its own tag name keeps the page's rules for
 * `div` and the like away. The sheet is constructed, which no CSP forbids.
 */
export function shadowHost(tag: string, css: string): { host: HTMLElement; root: ShadowRoot } {
  const host = document.createElement(tag);
  const root = host.attachShadow({ mode: 'open' });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Safari before 16.4 cannot construct sheets.
    const style = document.createElement('style');
    style.textContent = css;
    root.append(style);
  }
  return { host, root };
}

/** Creates an element as the last child of `parent`; SVG in SVG. */
export function append<Tag extends keyof HTMLElementTagNameMap>(
  parent: ParentNode,
  tag: Tag,
  attributes: Record<string, string>,
): HTMLElementTagNameMap[Tag] {
  return fill(parent, document.createElement(tag), attributes);
}

/** Two icons of 24 × 24 in one picture, drawn in strokes; CSS shows one path at a time. */
export function appendIcons(parent: ParentNode, ...paths: string[]): Element {
  const create = (tag: string) => document.createElementNS('http://www.w3.org/2000/svg', tag);
  const svg = fill(parent, create('svg'), { viewBox: '0 0 24 24' });
  for (const d of paths) fill(svg, create('path'), { d });
  return svg;
}

function fill<Node extends Element>(parent: ParentNode, node: Node, attributes: Record<string, string>): Node {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  parent.append(node);
  return node;
}
