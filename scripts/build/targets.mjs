import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * What is built from what. Paths are relative to the root. `sources` are folders or files whose change makes the
 * output stale; `output` is a file or a folder that is replaced as a whole.
 */

const everyBuild = ['package-lock.json', 'tsconfig.base.json', 'scripts/build.mjs', 'scripts/build'];
const protocol = 'pusher-server/src/protocol';

/** What start.mjs, run.mjs and dev.mjs load; the folders beside them are bundled into them. */
function topLevelScripts() {
  return readdirSync(fileURLToPath(new URL('..', import.meta.url)))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `scripts/${name}`);
}

export const targets = [
  {
    name: 'pusher-server',
    group: 'servers',
    kind: 'node',
    entries: ['pusher-server/src/main.ts'],
    output: 'pusher-server/dist/main.js',
    sources: ['pusher-server/src', 'pusher-server/package.json'],
  },
  {
    name: 'web-app',
    group: 'servers',
    kind: 'node',
    entries: ['web-app/src/main.ts'],
    output: 'web-app/dist/main.js',
    sources: ['web-app/src', 'web-app/package.json', protocol],
  },
  {
    name: 'scripts',
    group: 'servers',
    kind: 'node',
    entries: topLevelScripts(),
    output: 'dist/scripts',
    sources: ['scripts', 'web-app/src', 'pusher-server/src'],
  },
  {
    name: 'bench',
    group: 'bench',
    kind: 'node',
    entries: [
      'bench/main.ts',
      'bench/limit/main.ts',
      'bench/limit/insert.ts',
      'bench/load/main.ts',
      'bench/probe/main.ts',
    ],
    output: 'dist/bench',
    sources: ['bench', 'scripts', 'test-support', 'web-app/src', protocol, 'pusher-server/src/transport/uws.ts'],
  },
  {
    name: 'console',
    group: 'pages',
    kind: 'vite',
    config: 'web-app/console/vite.config.ts',
    output: 'web-app/dist/console',
    sources: ['web-app/console', 'widget/src/calls', 'web-app/package.json', protocol],
  },
  {
    name: 'widget panel',
    group: 'pages',
    kind: 'vite',
    config: 'widget/vite.config.ts',
    output: 'widget/dist/panel',
    sources: ['widget', protocol],
  },
  {
    name: 'widget loader',
    group: 'pages',
    kind: 'browser',
    entries: ['widget/src/loader/main.ts'],
    output: 'widget/dist/kefu_online.js',
    sources: ['widget/src', 'widget/package.json'],
  },
  {
    name: 'widget second script',
    group: 'pages',
    kind: 'browser',
    entries: ['widget/src/more/main.ts'],
    output: 'widget/dist/kefu_more.js',
    sources: ['widget/src', 'widget/package.json'],
  },
].map((target) => ({ ...target, sources: [...target.sources, ...everyBuild] }));
