const parentPid = process.ppid;

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { esbuildOptions, writeOutputs } from './build/bundle.mjs';
import { targets } from './build/targets.mjs';
import { loadDotEnv, setUp } from './setup.mjs';
import { printHelp, runCommand } from './setup/terminal.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const consolePort = 5173;

printHelp(`npm run dev
Runs everything as npm start does, for work on it: a server is restarted when its sources change, the console is served
by Vite at http://127.0.0.1:${consolePort}/console/ and updates in place, the widget is rebuilt when it changes.`);

/** Rebuilds an esbuild target whenever its sources change. */
async function watch(name, onRebuilt) {
  const { context } = await import('esbuild');
  const options = esbuildOptions(
    root,
    targets.find((target) => target.name === name),
  );
  let builds = 0;
  const rebuilt = {
    name: 'rebuilt',
    setup: (build) =>
      build.onEnd(({ errors, outputFiles }) => {
        // What has just been built is built once more when the watch begins.
        if (errors.length > 0 || (builds += 1) === 1) return;
        writeOutputs(outputFiles);
        console.log(`${name} was rebuilt.`);
        onRebuilt();
      }),
  };
  const watching = await context({ ...options, logLevel: 'warning', plugins: [...(options.plugins ?? []), rebuilt] });
  await watching.watch();
}

async function watchEverything({ pusherServer, webApp }) {
  const { build, createServer } = await import('vite');
  await watch('pusher-server', () => pusherServer.restart());
  await watch('web-app', () => webApp.restart());
  await watch('widget loader', () => undefined);
  await watch('widget second script', () => undefined);
  await build({
    configFile: join(root, 'widget', 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: join(root, 'widget', 'dist', 'panel'), emptyOutDir: true, watch: {} },
  });
  const webApplication = `http://127.0.0.1:${process.env.WEB_PORT || 3000}`;
  const signalListeners = process.listeners('SIGTERM');
  const vite = await createServer({
    configFile: join(root, 'web-app', 'console', 'vite.config.ts'),
    server: { host: '127.0.0.1', port: consolePort, proxy: { '^(?!/console/)': webApplication } },
  });
  await vite.listen();
  // Vite would end the process at once on SIGTERM and at the end of its input; the supervisor stops the rest first.
  for (const listener of process.listeners('SIGTERM')) {
    if (!signalListeners.includes(listener)) process.off('SIGTERM', listener);
  }
  process.stdin.removeAllListeners('end');
  console.log(`Console with live updates: http://127.0.0.1:${consolePort}/console/`);
}

await runCommand(async () => {
  loadDotEnv();
  await setUp();
  const { supervise } = await import('../dist/scripts/supervisor.js');
  const onReady = (servers) => {
    watchEverything(servers).catch((error) => console.error(error));
  };
  process.exit(await supervise({ root, parentPid, onReady }));
});
