import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApp, staticFolders, type App } from './app.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { explainDatabaseError } from './db/database-health.ts';
import { openLog } from './logger.ts';

/** Both `web-app/src/main.ts` and the bundle `web-app/dist/main.js` lie two folders below the root. */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

function configOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return exitWith(error.lines);
  }
}

/** What went wrong at the start, in one plain sentence where the cause is known. */
function explain(error: unknown, config: Config): string {
  const { bindHost, port } = config.web;
  switch (error instanceof Error && 'code' in error ? error.code : null) {
    case 'EADDRINUSE':
      return `Port ${port} on ${bindHost} is taken by another program; free it or set WEB_PORT.`;
    case 'EACCES':
      return `This user may not listen on port ${port} of ${bindHost}; set WEB_PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${bindHost}; correct WEB_BIND_HOST.`;
  }
  const databaseTrouble = explainDatabaseError(error, config.databaseUrl);
  if (databaseTrouble !== null) return databaseTrouble;
  return `web-app could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function exitWith(lines: string[]): never {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

let app: App | null = null;
let isStopping = false;

async function stop(why: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  logger.info({ why }, 'stopping');
  await app?.close();
  logger.info({}, 'stopped');
  await closeLog();
  process.exit(0);
}

const config = configOrExit();
const { logger, close: closeLog } = openLog(config.logLevel);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
// The supervisor died: nobody would ever stop this process.
process.on('disconnect', () => void stop('the parent is gone'));

try {
  app = await startApp(config, staticFolders(root), logger);
} catch (error) {
  exitWith([explain(error, config)]);
}
const { url, port, firstRun, installCode } = app;
logger.info({ url }, 'ready');
process.send?.({
  type: 'ready',
  url,
  port,
  ...(firstRun && { firstRun }),
  ...(installCode !== null && { installCode }),
});
