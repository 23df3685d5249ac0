import { Counter, Gauge, Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { startMetricsServer } from '../metrics/metrics-server.ts';
import { usageOf, type Usage } from '../metrics/usage.ts';
import type { RunningServer } from '../server.ts';
import { findFreePort, isFree } from '../transport/free-port.ts';
import { portTaken } from '../transport/uws-server.ts';
import { mergeMetrics } from './merged-metrics.ts';
import { WorkerProcess, type Scrape } from './worker-process.ts';

/** The parent of workers that are up. It serves no client itself. */
export type RunningWorkers = Omit<RunningServer, 'registry'>;

/** What a worker may take to end beyond the grace of its clients: webhooks are flushed, what nodes share is given back. */
const BEYOND_GRACE_MS = 10_000;

/**
 * Starts `config.workers` processes that share one port and resolves when all of them are ready. Rejects with
 * `WorkerRefused` when one cannot begin, with `ListenFailed` or `MetricsPortTaken` when a port cannot be had.
 */
export async function startWorkers(config: Config, log: Logger, entry: string): Promise<RunningWorkers> {
  const port = await claimPort(config.host, config.port);
  const workers: WorkerProcess[] = [];
  const areAllReady = () => workers.length === config.workers && workers.every(({ isReady }) => isReady);
  const onChange = () => {
    const all = areAllReady();
    for (const worker of workers) worker.tell({ type: 'readiness', all });
  };
  const add = () => {
    const killAfterMs = config.shutdownGraceMs + BEYOND_GRACE_MS;
    const worker = new WorkerProcess({ worker: workers.length + 1, port, entry, killAfterMs, log, onChange });
    workers.push(worker);
    return worker.firstReady;
  };
  const registry = ownMetrics(config.metricsPrefix, workers);
  const metrics =
    config.metricsPort === null
      ? null
      : await startMetricsServer(
          {
            contentType: registry.contentType,
            metrics: async () => `${await mergeMetrics(await scrapeAll(workers))}\n${await registry.metrics()}`,
            usage: async () => usageWithWorkers(await scrapeAll(workers)),
          },
          config.host,
          config.metricsPort,
          (error) => log.error({ err: error }, 'unexpected error'),
        );
  const stop = async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await metrics?.close();
  };
  try {
    // The first goes ahead: what keeps them from starting is then said once.
    const { url } = await add();
    await Promise.all(Array.from({ length: config.workers - 1 }, add));
    return {
      url,
      port,
      metricsPort: metrics?.port ?? null,
      reload: () => {
        for (const worker of workers) worker.tell({ type: 'reload' });
        return Promise.resolve();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Workers share their port with whoever asks, so somebody has to look first that no other program has it. */
async function claimPort(host: string, port: number): Promise<number> {
  if (port !== 0 && (await isFree(host, port))) return port;
  const found = port === 0 ? await findFreePort(host).catch(() => null) : null;
  if (found === null) throw portTaken(host, port);
  return found;
}

/** What only the parent knows. */
function ownMetrics(prefix: string, workers: readonly WorkerProcess[]): Registry {
  const registry = new Registry();
  const shared = { labelNames: ['worker' as const], registers: [registry] };
  new Gauge({
    ...shared,
    name: `${prefix}worker_ready`,
    help: '1 while the worker takes connections, 0 while it is started again or stops.',
    collect() {
      for (const { worker, isReady } of workers) this.set({ worker }, isReady ? 1 : 0);
    },
  });
  new Counter({
    ...shared,
    name: `${prefix}worker_restarts_total`,
    help: 'How often the worker has ended by itself and was started again.',
    collect() {
      this.reset();
      for (const { worker, restarts } of workers) this.inc({ worker }, restarts);
    },
  });
  return registry;
}

async function scrapeAll(workers: readonly WorkerProcess[]): Promise<readonly Scrape[]> {
  const answers = await Promise.all(workers.map((worker) => worker.scrape()));
  return answers.filter((answer) => answer !== null);
}

/** The usage of all processes together, and of each worker. */
function usageWithWorkers(scrapes: readonly Scrape[]): Usage & { readonly workers: readonly object[] } {
  const together = scrapes.reduce((sum, { used }) => sum + used, process.memoryUsage.rss());
  return { ...usageOf(together), workers: scrapes.map(({ worker, used }) => ({ worker, ...usageOf(used) })) };
}
