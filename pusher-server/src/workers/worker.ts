import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { startServer, type RunningServer } from '../server.ts';
import { metricsSchema, toWorker, type FromWorker } from './messages.ts';

/**
 * Starts the server of a worker: an ordinary one, which shares its port, has no metrics port of its own and is as ready
 * as all of them. What it says to the parent goes over the channel between the two.
 */
export async function startWorker(config: Config, log: Logger, port: number): Promise<RunningServer> {
  let allReady = false;
  const starting = startServer({ ...config, port, metricsPort: null }, log, { areAllReady: () => allReady });
  const report = (error: unknown) => log.error({ err: error }, 'unexpected error');
  process.on('message', (message) => {
    const told = toWorker(message);
    if (told === null) return;
    switch (told.type) {
      case 'readiness':
        allReady = told.all;
        return;
      case 'reload':
        starting.then((server) => server.reload()).catch(report);
        return;
      case 'scrape':
        starting.then((server) => answerScrape(server, told.scrape)).catch(report);
    }
  });
  const server = await starting;
  return {
    ...server,
    stop: () => {
      tell({ type: 'stopping' });
      return server.stop();
    },
  };
}

async function answerScrape({ registry }: RunningServer, scrape: number): Promise<void> {
  const metrics = metricsSchema.parse(await registry?.getMetricsAsJSON());
  tell({ type: 'scraped', scrape, metrics, used: process.memoryUsage.rss() });
}

/** Says something to the parent; to nobody when it has died. */
function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}
