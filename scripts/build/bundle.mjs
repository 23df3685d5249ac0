import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * The three ways to make an output. Each is written under another name and renamed into place, so that a process
 * that starts meanwhile finds the old one or the new one, never half of one.
 */

/** Server code: npm packages stay outside, our own workspaces are bundled from their TypeScript. */
const onlyOurOwn = {
  name: 'only-our-own',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@openkefu/') ? undefined : { path, external: true },
    );
  },
};

/** The esbuild options of a target, for a build at once and for `npm run dev`, which watches. */
export function esbuildOptions(root, target) {
  const entryPoints = target.entries.map((entry) => join(root, entry));
  const shared = { absWorkingDir: root, entryPoints, bundle: true, write: false, logLevel: 'silent' };
  const place = target.output.endsWith('.js')
    ? { outfile: join(root, target.output) }
    : { outdir: join(root, target.output) };
  return target.kind === 'node'
    ? {
        ...shared,
        ...place,
        platform: 'node',
        format: 'esm',
        target: 'node20',
        sourcemap: true,
        plugins: [onlyOurOwn],
      }
    : {
        ...shared,
        ...place,
        platform: 'browser',
        format: 'iife',
        target: 'es2020',
        minify: true,
        legalComments: 'none',
      };
}

/** Writes what esbuild made, each file whole. */
export function writeOutputs(outputFiles) {
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}.new`;
    writeFileSync(draft, contents);
    renameSync(draft, path);
  }
}

export async function bundle(root, target) {
  const { build, formatMessages } = await import('esbuild');
  const { outputFiles, warnings } = await build(esbuildOptions(root, target));
  for (const text of await formatMessages(warnings, { kind: 'warning' })) console.warn(text);
  // Source maps first: the code is what others look for.
  writeOutputs(outputFiles.sort((a, b) => Number(b.path.endsWith('.map')) - Number(a.path.endsWith('.map'))));
}

export async function bundlePages(root, target) {
  const { build } = await import('vite');
  const output = join(root, target.output);
  const draft = join(dirname(output), `.${basename(output)}.${process.pid}.new`);
  const old = `${draft}.old`;
  // Whoever builds, also a test run: what is built is what ships. What runs after it may be a test.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    await build({
      configFile: join(root, target.config),
      logLevel: 'warn',
      define: { 'process.env.NODE_ENV': '"production"' },
      build: { outDir: draft, emptyOutDir: true },
    });
    rmSync(old, { recursive: true, force: true });
    try {
      renameSync(output, old);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    renameSync(draft, output);
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
    rmSync(old, { recursive: true, force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}
