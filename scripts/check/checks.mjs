import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../setup/child.mjs';
import { checkSizes } from './size-budgets.mjs';

/**
 * The checks, the longest first so that two at a time end together. Each resolves to whether it passed and what it
 * printed.
 */
export const checks = [
  {
    name: 'lint',
    run: (root) => tool(root, 'eslint', '--max-warnings', '0', '.'),
  },
  { name: 'types', run: (root) => tool(root, 'typescript', '-p', 'tsconfig.json', '--noEmit') },
  {
    name: 'types of the console',
    run: (root) => tool(root, 'vue-tsc', '-p', 'web-app/console/tsconfig.json', '--noEmit'),
  },
  { name: 'types of the widget', run: (root) => tool(root, 'vue-tsc', '-p', 'widget/tsconfig.json', '--noEmit') },
  { name: 'format', run: (root) => tool(root, 'prettier', '--check', '--log-level', 'warn', '.') },
  {
    name: 'import rules',
    run: (root) => tool(root, 'dependency-cruiser', ...sources, '--config', '.dependency-cruiser.cjs'),
  },
  { name: 'dead code', run: (root) => tool(root, 'knip') },
  {
    name: 'rules with tests',
    // It reads titles with the TypeScript compiler, which a fresh clone has only after the set-up.
    run: async (root) => (await import('./spec-ids.mjs')).checkSpecIds(root),
  },
  { name: 'sizes', run: (root) => Promise.resolve(checkSizes(root)), alwaysShown: true },
];

const sources = [
  'pusher-server/src',
  'web-app/src',
  'web-app/console/src',
  'widget/src',
  'scripts',
  'test-support',
  'tests',
  'bench',
];
/** Packages whose program is called otherwise. */
const programs = { typescript: 'tsc', 'dependency-cruiser': 'depcruise' };

async function tool(root, packageName, ...words) {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const program = typeof bin === 'string' ? bin : bin[programs[packageName] ?? packageName];
  const { code, output } = await runProgram(process.execPath, [join(folder, program), ...words], {
    cwd: root,
    quiet: true,
  });
  return { passed: code === 0, output: output.trimEnd() };
}
