import { ConfigError, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { MetricsPortTaken } from './metrics/metrics-server.ts';
import { startServer } from './server.ts';
import { ListenFailed } from './transport/uws-server.ts';
import { TransportUnavailable } from './transport/uws.ts';

/** Runs the server as a process of its own: starts it, says so, and stops it when asked to. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.logLevel);
  const server = await startServer(config, log);
  log.info({ url: server.url, metricsPort: server.metricsPort }, 'ready');
  process.send?.({
    type: 'ready',
    url: server.url,
    port: server.port,
    ...(server.metricsPort === null ? {} : { metricsPort: server.metricsPort }),
  });

  const stop = (reason: string) => {
    log.info({ reason }, 'stopping');
    server
      .stop()
      .then(() => process.exit(0))
      .catch((error: unknown) => fail(error));
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // The parent has died; without it nobody would ever stop this process.
  process.on('disconnect', () => stop('disconnect'));
}

/** What an operator can put right is one plain sentence; anything else comes with its stack. */
function fail(error: unknown): never {
  const lines = error instanceof ConfigError ? error.lines : [plainText(error)];
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

function plainText(error: unknown): string {
  if (error instanceof ListenFailed || error instanceof MetricsPortTaken || error instanceof TransportUnavailable)
    return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch(fail);
