import { fileURLToPath } from 'node:url';
import { AppDatabaseUnusable } from './apps/app-registry.ts';
import { checkConfig } from './check-config.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { openLog, type Logger } from './logger.ts';
import { MetricsPortTaken } from './metrics/metrics-server.ts';
import { startServer } from './server.ts';
import { ListenFailed } from './transport/uws-server.ts';
import { TransportUnavailable } from './transport/uws.ts';
import { startWorkers, type RunningWorkers } from './workers/parent.ts';
import { WorkerRefused } from './workers/worker-process.ts';
import { startWorker } from './workers/worker.ts';
import { keepYoungGenerationSmall } from './young-generation.ts';

/** What this process is: the server or the parent of its workers, one of these, or nothing but a look at the settings. */
type Role =
  { readonly kind: 'server' | 'check' } | { readonly kind: 'worker'; readonly worker: number; readonly port: number };

/** Runs the server as a process of its own: starts it, says so, and stops it when asked to. */
async function main(words: readonly string[]): Promise<void> {
  const role = readRole(words);
  if (role.kind === 'check') {
    for (const line of await checkConfig()) process.stdout.write(`${line}\n`);
    return;
  }
  keepYoungGenerationSmall();
  const config = readConfig();
  const { log, close: closeLog } = openLog(config.logLevel, role.kind === 'worker' ? role.worker : null);
  let server: RunningWorkers | null = null;
  const stop = (reason: string) => {
    log.info({ reason }, 'stopping');
    // While it starts there is nobody to let go; workers follow their parent.
    if (server === null) process.exit(0);
    server
      .stop()
      .then(closeLog)
      .then(() => process.exit(0))
      .catch(fail);
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // The parent has died; without it nobody would ever stop this process.
  process.on('disconnect', () => stop('disconnect'));
  if (process.send !== undefined && !process.connected) stop('disconnect');
  // Certificates and apps may have been replaced.
  process.on('SIGHUP', () => {
    log.info('reloading');
    server?.reload().catch((error: unknown) => log.error({ err: error }, 'unexpected error'));
  });

  server = await start(role, config, log);
  const { url, port, metricsPort } = server;
  // Last, so that whoever hears it may send signals.
  log.info({ url, metricsPort }, role.kind === 'worker' ? 'worker ready' : 'ready');
  process.send?.({ type: 'ready', url, port, ...(metricsPort === null ? {} : { metricsPort }) });
}

function start(role: Exclude<Role, { kind: 'check' }>, config: Config, log: Logger): Promise<RunningWorkers> {
  if (role.kind === 'worker') return startWorker(config, log, role.port);
  return config.workers === 1 ? startServer(config, log) : startWorkers(config, log, fileURLToPath(import.meta.url));
}

function readRole(words: readonly string[]): Role {
  const [first, worker, port] = words;
  if (first === undefined) return { kind: 'server' };
  if (first === '--check-config' && words.length === 1) return { kind: 'check' };
  // What a parent says to the workers that it starts, and nobody else.
  if (first === '--worker' && process.send !== undefined) {
    return { kind: 'worker', worker: Number(worker), port: Number(port) };
  }
  throw new ConfigError([`Unknown argument: ${words.join(' ')} (there is only --check-config)`]);
}

/** What an operator can put right is one plain sentence; anything else comes with its stack. */
function fail(error: unknown): never {
  for (const line of linesOf(error)) process.stderr.write(`${line}\n`);
  process.exit(1);
}

const PLAIN = [AppDatabaseUnusable, ListenFailed, MetricsPortTaken, TransportUnavailable];

function linesOf(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.lines;
  if (error instanceof WorkerRefused) return [];
  if (error instanceof Error && PLAIN.some((kind) => error instanceof kind)) return [error.message];
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

main(process.argv.slice(2)).catch(fail);
