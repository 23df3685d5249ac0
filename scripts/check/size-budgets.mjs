import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const kilobyte = 1024;

/** What a page may weigh, compressed, before it can be used. */
const budgets = [
  { name: 'widget loader', limit: 5 * kilobyte, weigh: (root) => weighFile(join(root, 'widget/dist/kefu_online.js')) },
  {
    name: 'widget second script',
    limit: 7 * kilobyte,
    weigh: (root) => weighFile(join(root, 'widget/dist/kefu_more.js')),
  },
  {
    name: 'widget panel, first open',
    limit: 70 * kilobyte,
    weigh: (root) => weighFirstOpen(join(root, 'widget/dist/panel')),
  },
  {
    name: 'console, first load',
    limit: 250 * kilobyte,
    weigh: (root) => weighPages(join(root, 'web-app/dist/console'), '/console/'),
  },
];

/** What the panel imports before a visitor can read and write: one of a list is enough, and the heaviest counts. */
const importedAtOpen = [['pusher-js/worker/index.js'], ['i18n/zh-cn.ts', 'i18n/en.ts']];

function weighFile(path) {
  return gzipSync(readFileSync(path)).length;
}

/** The panel's page, its script and styles, and what these import at once: realtime client and one dictionary. */
function weighFirstOpen(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'));
  const weigh = (names) => [...new Set(names)].reduce((sum, name) => sum + weighFile(join(folder, name)), 0);
  const page = ['index.html', ...filesOf(manifest, 'index.html')];
  const later = importedAtOpen.flatMap((choice) => {
    const files = choice.map((source) => filesOf(manifest, keyOf(manifest, source)));
    return files.sort((a, b) => weigh(b) - weigh(a))[0];
  });
  return weigh([...page, ...later]);
}

function keyOf(manifest, source) {
  const key = Object.keys(manifest).find((name) => name.endsWith(source));
  if (key === undefined) throw new Error(`the panel has no part made of ${source}`);
  return key;
}

/** What a part of the panel needs: itself, its styles, and the same of its static imports. */
function filesOf(manifest, key) {
  const { file, css = [], imports = [] } = manifest[key];
  return [file, ...css, ...imports.flatMap((name) => filesOf(manifest, name))];
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
