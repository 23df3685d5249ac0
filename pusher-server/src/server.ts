import type { Registry } from 'prom-client';
import { openApps } from './apps/open-apps.ts';
import { channelListener } from './channels/cluster-events.ts';
import { ChannelRegistry } from './channels/channel-registry.ts';
import { openCluster } from './cluster/open-cluster.ts';
import type { Config } from './config.ts';
import { applyAppChange, endRemovedApp } from './connection/app-changes.ts';
import { ConnectionRegistry } from './connection/connection-registry.ts';
import { Connections } from './connection/connections.ts';
import { listConnections } from './connection/connection-list.ts';
import { drainConnections } from './connection/drain.ts';
import { FallbackSessions } from './connection/fallback-sessions.ts';
import { FallbackTopics } from './connection/fallback-topics.ts';
import { limitedConnections } from './connection/limited-connections.ts';
import { SlowReaders } from './connection/slow-readers.ts';
import { relayFeed } from './feed/feed-relay.ts';
import { addRoutes, type Readiness } from './http-api/routes.ts';
import type { Logger } from './logger.ts';
import { createMetrics } from './metrics/metrics.ts';
import { PublishLag } from './metrics/publish-lag.ts';
import { startMetricsServer } from './metrics/metrics-server.ts';
import { readUsage } from './metrics/usage.ts';
import { serveFallback } from './transport/uws-fallback.ts';
import { RestRoutes } from './transport/uws-http.ts';
import { UwsServer } from './transport/uws-server.ts';
import { serveWebSockets } from './transport/uws-websocket.ts';
import { wireAttempt } from './webhooks/attempt.ts';
import { FactIntake } from './webhooks/fact-intake.ts';
import { RETRY_POLICY } from './webhooks/sender.ts';
import { Webhooks } from './webhooks/webhooks.ts';

/** A server that is up. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** `null` when metrics are off or somebody else serves them. */
  readonly metricsPort: number | null;
  /** What there is to be measured; `null` when nobody asks. */
  readonly registry: Registry | null;
  /** Takes up apps and certificates that were replaced; what cannot be used is logged and changes nothing. */
  reload(): Promise<void>;
  /** Lets everybody go within the configured grace; may be called more than once. */
  stop(): Promise<void>;
}

/** What a server knows that is one of several workers sharing a port. */
export interface Workmates {
  /** Whether all of them take connections. */
  readonly areAllReady: () => boolean;
}

/** What webhooks get at least to be flushed in, even when the grace is over. */
const MIN_FLUSH_MS = 2_000;

/**
 * What a connection that was accepted last gets to say its first word in, so that it is told to come back instead of
 * meeting silence; a twentieth of a grace that is short.
 */
const MAX_FIRST_WORD_MS = 250;

/**
 * Builds the whole server and starts it: the one place where its parts are joined. With `workmates` it shares its port
 * with them, and somebody else serves its metrics.
 */
export async function startServer(
  config: Config,
  log: Logger,
  workmates: Workmates | null = null,
): Promise<RunningServer> {
  const report = (error: unknown) => log.error({ err: error }, 'unexpected error');
  const apps = await openApps(config.appStore, config.apps, log);
  const transport = await UwsServer.create(config.tls);
  const channels = new ChannelRegistry();
  const connectionRegistry = new ConnectionRegistry();
  const cluster = await openCluster(config, log);
  const webhooks = new Webhooks({
    batchMs: config.webhookBatchMs,
    queueMax: config.webhookQueueMax,
    retry: RETRY_POLICY,
    report,
    deliveries: {
      keepDelivery: (delivery, receipts) => cluster.keepDelivery(delivery, receipts),
      endDelivery: (delivery) => cluster.endDelivery(delivery),
    },
    attempted: (appId, attempt) => {
      cluster.logAttempt(appId, attempt);
      channels.of(appId).feed?.tell({ event: 'webhook_attempt', ...wireAttempt(attempt) });
    },
  });
  const facts = new FactIntake({ apps, webhooks });
  const slowReaders = new SlowReaders(connectionRegistry, channels, config.maxBufferBytes);
  const broadcaster = new FallbackTopics(transport);
  const publishing = { cluster, broadcaster, report };
  const connections = new Connections({
    ...publishing,
    apps,
    channels,
    registry: connectionRegistry,
    slowReaders,
    limits: config,
  });
  const fallback = new FallbackSessions({
    connections,
    topics: broadcaster,
    cluster,
    leaseMs: config.redis?.leaseMs ?? 0,
    report,
  });
  const findSubscriber = (appId: string, socketId: string) => connectionRegistry.find(appId, socketId);
  let port = config.port;
  const publishLag = new PublishLag(
    config.metricsPrefix,
    () => port,
    () => channels.all(),
  );
  let readiness: Readiness = 'starting';
  apps.watch({
    taken: (app) => {
      // One that nobody has used yet shows up in the metrics with zeros.
      channels.of(app.id);
      webhooks.forgetUnused(app.id, app);
      applyAppChange(connectionRegistry, app);
    },
    removed: (appId) => {
      endRemovedApp(connectionRegistry, appId);
      channels.forget(appId);
      publishLag.forget(appId);
      webhooks.forgetUnused(appId, null);
    },
  });

  await cluster.start({
    ...channelListener(channels, broadcaster, findSubscriber),
    userChanged: (appId, userId, online) => connections.userChanged(appId, userId, online),
    terminateUser: (appId, userId, reconnect) => connections.terminateUser(appId, userId, reconnect),
    fact: (fact, receipt) => facts.take(fact, receipt),
    redeliver: (delivery, receipt) => webhooks.redeliver(delivery, receipt),
    countsSubscriptions: (appId) => apps.known(appId)?.settings.enableSubscriptionCount === true,
    wants: (appId, kind) => apps.known(appId)?.webhookEvents.has(kind) === true,
    nodeMessage: (message) => fallback.hear(message),
    sessionTaken: (id) => fallback.taken(id),
    limitedConnections: () => limitedConnections(connectionRegistry, apps),
    feedWanted: (appId, wanted) => relayFeed(cluster, channels.of(appId), wanted),
    feedHeard: (appId, text) => channels.of(appId).feed?.hear(text),
  });

  const serving = { pathPrefix: config.pathPrefix, tls: config.tls !== null, trustProxy: config.trustProxy, report };
  const rest = {
    ...publishing,
    apps,
    channels,
    findSubscriber,
    publishLag,
    log,
    listConnections: (appId: string, before: number, limit: number) =>
      listConnections(connectionRegistry, appId, before, limit),
    readiness: () => (readiness === 'ready' && workmates?.areAllReady() === false ? 'starting' : readiness),
  };
  const restRoutes: RestRoutes[] = [];
  transport.serve((served) => {
    serveWebSockets(served, connections, {
      ...serving,
      maxFrameBytes: config.maxFrameBytes,
      longestSilence: config.activityTimeout + config.pongTimeout,
    });
    const routes = new RestRoutes(served.app, { maxBodyBytes: config.maxBodyBytes, report });
    restRoutes.push(routes);
    serveFallback(served.app, routes, fallback, serving);
    addRoutes(routes, rest, config.pathPrefix);
  });

  port = await transport.listen(config.host, config.port, workmates !== null);
  const isMeasured = config.metricsPort !== null || workmates !== null;
  const registry = isMeasured
    ? createMetrics({
        prefix: config.metricsPrefix,
        port,
        channels,
        connections: connectionRegistry,
        webhooks,
        publishLag,
        cluster,
      })
    : null;
  const metrics =
    registry === null || config.metricsPort === null
      ? null
      : await startMetricsServer(
          {
            contentType: registry.contentType,
            metrics: () => registry.metrics(),
            usage: () => Promise.resolve(readUsage()),
          },
          config.host,
          config.metricsPort,
          report,
        );
  readiness = 'ready';

  const stop = async () => {
    readiness = 'stopping';
    const deadline = performance.now() + config.shutdownGraceMs;
    connections.drain();
    transport.stopListening();
    for (const routes of restRoutes) routes.drain();
    await Promise.all([
      drainConnections(connectionRegistry, config.shutdownGraceMs),
      pause(Math.min(config.shutdownGraceMs / 20, MAX_FIRST_WORD_MS)),
    ]);
    const answered = Promise.all([...restRoutes.map((routes) => routes.idle()), fallback.idle()]);
    await Promise.race([answered, pause(Math.max(deadline - performance.now(), 0))]);
    fallback.close();
    slowReaders.close();
    connections.close();
    await cluster.drain();
    await webhooks.close(Math.max(deadline - performance.now(), MIN_FLUSH_MS));
    facts.close();
    await cluster.close();
    await apps.close();
    for (const { feed } of channels.all()) feed?.end();
    await metrics?.close();
    transport.close();
  };
  let stopping: Promise<void> | null = null;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: `${config.tls === null ? 'http' : 'https'}://${host}:${String(port)}${config.pathPrefix}`,
    port,
    metricsPort: metrics?.port ?? null,
    registry,
    reload: async () => {
      await Promise.all([apps.reload(), reloadCertificate(transport, log)]);
    },
    stop: () => (stopping ??= stop()),
  };
}

async function reloadCertificate(transport: UwsServer, log: Logger): Promise<void> {
  const fault = await transport.reloadCertificate();
  if (fault !== null) log.error({ fault }, 'the certificate cannot be used, the former stays in use');
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
