import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AppChannels, ChannelRegistry } from '../channels/channel-registry.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ConnectionRegistry } from '../connection/connection-registry.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { addClusterMetrics } from './cluster-metrics.ts';
import type { PublishLag } from './publish-lag.ts';
import type { Traffic } from './traffic.ts';

/** Where the numbers come from. */
export interface MetricsSources {
  readonly prefix: string;
  /** The server's own port, a label that existing dashboards group by. */
  readonly port: number;
  readonly channels: ChannelRegistry;
  readonly connections: ConnectionRegistry;
  readonly webhooks: Webhooks;
  readonly publishLag: PublishLag;
  readonly cluster: Pick<Cluster, 'health'>;
}

const TRAFFIC_METRICS: readonly (readonly [name: string, help: string, field: keyof Traffic])[] = [
  ['new_connections_total', 'Connections that were established.', 'connections'],
  ['new_disconnections_total', 'Established connections that have ended.', 'disconnections'],
  ['socket_received_bytes', 'Bytes of frames received.', 'bytesReceived'],
  ['socket_transmitted_bytes', 'Bytes of frames sent.', 'bytesSent'],
  ['ws_messages_received_total', 'Frames received.', 'messagesReceived'],
  ['ws_messages_sent_total', 'Frames sent.', 'messagesSent'],
  ['http_received_bytes', 'Bytes of REST bodies received.', 'httpBytesReceived'],
  ['http_transmitted_bytes', 'Bytes of REST bodies sent.', 'httpBytesSent'],
  ['http_calls_received_total', 'REST calls received.', 'httpCalls'],
  ['slow_readers_closed_total', 'Connections that were closed because they read too slowly.', 'slowReadersClosed'],
  ['backpressure_dropped_total', 'Times that frames were dropped for a client, which is then closed.', 'overflows'],
];

/**
 * The metrics under the names that soketi's dashboards know, and beyond them what an operator has to watch. Every value
 * is read from what the server holds at the moment of the scrape, so that nothing can drift.
 */
export function createMetrics(sources: MetricsSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: sources.prefix });
  for (const [name, help, field] of TRAFFIC_METRICS) {
    addCounter(registry, sources, name, help, ({ traffic }) => traffic[field]);
  }
  addGauge(registry, sources, 'connected', 'Connections that are open now.', ({ appId }) =>
    sources.connections.count(appId),
  );
  addGauge(
    registry,
    sources,
    'active_channels',
    'Channels that somebody on this node is subscribed to.',
    ({ byName }) => byName.size,
  );
  addWebhookMetrics(registry, sources);
  addAdapterMetrics(registry, sources);
  addClusterMetrics(registry, sources.prefix, sources.cluster);
  registry.registerMetric(sources.publishLag.metric);
  return registry;
}

type ReadApp = (app: AppChannels) => number;

function addCounter(registry: Registry, sources: MetricsSources, name: string, help: string, read: ReadApp): void {
  new Counter({
    ...perApp(sources, name, help),
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, app] of labelled(sources)) this.inc(labels, read(app));
    },
  });
}

function addGauge(registry: Registry, sources: MetricsSources, name: string, help: string, read: ReadApp): void {
  new Gauge({
    ...perApp(sources, name, help),
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, app] of labelled(sources)) this.set(labels, read(app));
    },
  });
}

type Label = 'app_id' | 'port';

/** What every metric of an app is set up with. */
function perApp({ prefix }: MetricsSources, name: string, help: string) {
  const labelNames: Label[] = ['app_id', 'port'];
  return { name: `${prefix}${name}`, help, labelNames };
}

/** Every app of this node gets a value, those that have done nothing a zero. */
function* labelled({ channels, port }: MetricsSources): Generator<[Record<Label, string | number>, AppChannels]> {
  for (const app of channels.all()) yield [{ app_id: app.appId, port }, app];
}

function addWebhookMetrics(registry: Registry, sources: MetricsSources): void {
  const { webhooks } = sources;
  const totals = [
    ['webhook_attempts_total', 'Requests sent to webhook receivers.', 'attempts'],
    ['webhook_failures_total', 'Requests that a webhook receiver did not take.', 'failures'],
    ['webhook_events_delivered_total', 'Events that webhook receivers have taken.', 'delivered'],
    ['webhook_events_dropped_total', 'Events that were given up.', 'dropped'],
  ] as const;
  for (const [name, help, field] of totals) {
    addCounter(registry, sources, name, help, ({ appId }) => webhooks.state(appId)[field]);
  }
  addGauge(
    registry,
    sources,
    'webhook_queue_length',
    'Events that wait for webhook receivers.',
    ({ appId }) => webhooks.state(appId).waiting,
  );
  addGauge(registry, sources, 'webhook_queue_age_seconds', 'How long the oldest of them has waited.', ({ appId }) => {
    const { oldestSince } = webhooks.state(appId);
    return oldestSince === null ? 0 : (performance.now() - oldestSince) / 1_000;
  });
}

const ADAPTER_COUNTERS = [
  'resolved_promises',
  'uncomplete_promises',
  'sent_requests',
  'received_requests',
  'received_responses',
];

/** Nodes of this server never ask each other anything, so what boards for soketi show of it is nothing. */
function addAdapterMetrics(registry: Registry, sources: MetricsSources): void {
  const help = 'Always 0, for dashboards that expect it: nodes do not ask each other.';
  for (const name of ADAPTER_COUNTERS) addCounter(registry, sources, `horizontal_adapter_${name}`, help, () => 0);
  new Histogram({
    ...perApp(sources, 'horizontal_adapter_resolve_time', help),
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels] of labelled(sources)) this.zero(labels);
    },
  });
}
