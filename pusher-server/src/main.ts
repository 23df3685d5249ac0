import { AppDatabaseUnusable } from './apps/app-registry.ts';
import { checkConfig } from './check-config.ts';
import { ConfigError, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { MetricsPortTaken } from './metrics/metrics-server.ts';
import { startServer } from './server.ts';
import { ListenFailed } from './transport/uws-server.ts';
import { TransportUnavailable } from './transport/uws.ts';

/** Runs the server as a process of its own: starts it, says so, and stops it when asked to. */
async function main(words: readonly string[]): Promise<void> {
  if (words.length > 0) {
    await runCheck(words);
    return;
  }
  const config = readConfig();
  const log = createLogger(config.logLevel);
  const server = await startServer(config, log);
  const stop = (reason: string) => {
    log.info({ reason }, 'stopping');
    server
      .stop()
      .then(() => process.exit(0))
      .catch((error: unknown) => fail(error));
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // Certificates and apps may have been replaced.
  process.on('SIGHUP', () => {
    log.info('reloading');
    server.reload().catch((error: unknown) => log.error({ err: error }, 'unexpected error'));
  });
  // The parent has died; without it nobody would ever stop this process.
  process.on('disconnect', () => stop('disconnect'));

  // Last, so that whoever hears it may send signals.
  log.info({ url: server.url, metricsPort: server.metricsPort }, 'ready');
  process.send?.({
    type: 'ready',
    url: server.url,
    port: server.port,
    ...(server.metricsPort === null ? {} : { metricsPort: server.metricsPort }),
  });
}

/** The only thing that can be asked for besides running. */
async function runCheck(words: readonly string[]): Promise<void> {
  if (words.length > 1 || words[0] !== '--check-config') {
    throw new ConfigError([`Unknown argument: ${words.join(' ')} (there is only --check-config)`]);
  }
  for (const line of await checkConfig()) process.stdout.write(`${line}\n`);
}

/** What an operator can put right is one plain sentence; anything else comes with its stack. */
function fail(error: unknown): never {
  const lines = error instanceof ConfigError ? error.lines : [plainText(error)];
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

const PLAIN = [AppDatabaseUnusable, ListenFailed, MetricsPortTaken, TransportUnavailable];

function plainText(error: unknown): string {
  if (error instanceof Error && PLAIN.some((kind) => error instanceof kind)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main(process.argv.slice(2)).catch(fail);
