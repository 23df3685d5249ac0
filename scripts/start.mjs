const parentPid = process.ppid;

import { fileURLToPath } from 'node:url';
import { loadDotEnv, setUp } from './setup.mjs';
import { printHelp, runCommand } from './setup/terminal.mjs';

printHelp(`npm start
Starts OpenKefu: does what is missing first (packages, build), then runs the database, pusher-server and web-app, and
prints the demo page, the console and the realtime endpoint. Ctrl-C stops everything. Settings come from the
environment or from .env; the README lists them.`);

await runCommand(async () => {
  loadDotEnv();
  await setUp();
  const { supervise } = await import('../dist/scripts/supervisor.js');
  process.exit(await supervise({ root: fileURLToPath(new URL('..', import.meta.url)), parentPid }));
});
