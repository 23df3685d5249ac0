import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const kilobyte = 1024;

/** What a page may weigh, compressed, before it can be used. */
const budgets = [
  { name: 'widget loader', limit: 5 * kilobyte, weigh: (root) => weighFile(join(root, 'widget/dist/kefu_online.js')) },
  {
    name: 'widget panel, first open',
    limit: 70 * kilobyte,
    weigh: (root) => weighPages(join(root, 'widget/dist/panel'), '/widget/panel/'),
  },
  {
    name: 'console, first load',
    limit: 250 * kilobyte,
    weigh: (root) => weighPages(join(root, 'web-app/dist/console'), '/console/'),
  },
];

function weighFile(path) {
  return gzipSync(readFileSync(path)).length;
}

/**
 * A page and everything that it names to be loaded at once: scripts, their static imports (Vite writes them as
 * modulepreload links) and style sheets. Of several pages, the heaviest.
 */
function weighPages(folder, base) {
  const pages = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.html'));
  if (pages.length === 0) throw new Error(`no page in ${folder}`);
  return Math.max(...pages.map((page) => weighPage(folder, base, join(folder, page))));
}

function weighPage(folder, base, page) {
  const html = readFileSync(page, 'utf8');
  const named = [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="([^"]+\.(?:js|css))"/g)].map(
    ([, url]) => url,
  );
  const files = [...new Set(named)]
    .filter((url) => url.startsWith(base))
    .map((url) => join(folder, url.slice(base.length)));
  return [page, ...files].filter((file) => statSync(file).isFile()).reduce((sum, file) => sum + weighFile(file), 0);
}

/** One line for each budget, and whether all are kept. */
export function checkSizes(root) {
  const rows = budgets.map(({ name, limit, weigh }) => ({ name, limit, size: weigh(root) }));
  const inKilobytes = (bytes) => (bytes / kilobyte).toFixed(1);
  return {
    passed: rows.every(({ size, limit }) => size <= limit),
    output: rows
      .map(
        ({ name, size, limit }) =>
          `  ${name}: ${inKilobytes(size)} of ${inKilobytes(limit)} KB gzip${size > limit ? ', TOO LARGE' : ''}`,
      )
      .join('\n'),
  };
}
