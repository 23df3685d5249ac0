import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { ChannelRegistry } from '../channels/channel-registry.ts';
import type { ConnectionRegistry } from '../connection/connection-registry.ts';
import type { SlowReaders } from '../connection/slow-readers.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { Traffic } from './traffic.ts';

/** Where the numbers come from. */
export interface MetricsSources {
  readonly prefix: string;
  /** The server's own port, a label that existing dashboards group by. */
  readonly port: number;
  readonly channels: ChannelRegistry;
  readonly connections: ConnectionRegistry;
  readonly slowReaders: SlowReaders;
  readonly webhooks: Webhooks;
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
];

/**
 * The metrics under the names that soketi's dashboards know, and beyond them what an operator has to watch. Every value
 * is read from what the server holds at the moment of the scrape, so that nothing can drift.
 */
export function createMetrics(sources: MetricsSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: sources.prefix });
  for (const [name, help, field] of TRAFFIC_METRICS) addTrafficCounter(registry, sources, name, help, field);
  addAppGauges(registry, sources);
  addWebhookMetrics(registry, sources);
  return registry;
}

function addTrafficCounter(
  registry: Registry,
  sources: MetricsSources,
  name: string,
  help: string,
  field: keyof Traffic,
): void {
  new Counter({
    name: `${sources.prefix}${name}`,
    help,
    labelNames: ['app_id', 'port'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { appId, traffic } of sources.channels.all()) {
        this.inc({ app_id: appId, port: sources.port }, traffic[field]);
      }
    },
  });
}

function addAppGauges(registry: Registry, sources: MetricsSources): void {
  const { prefix, port, channels, connections, slowReaders } = sources;
  new Gauge({
    name: `${prefix}connected`,
    help: 'Connections that are open now.',
    labelNames: ['app_id', 'port'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { appId } of channels.all()) this.set({ app_id: appId, port }, connections.count(appId));
    },
  });
  new Gauge({
    name: `${prefix}active_channels`,
    help: 'Channels that somebody on this node is subscribed to.',
    labelNames: ['app_id', 'port'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { appId, byName } of channels.all()) this.set({ app_id: appId, port }, byName.size);
    },
  });
  new Counter({
    name: `${prefix}slow_readers_closed_total`,
    help: 'Connections that were closed because they read too slowly.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(slowReaders.closed);
    },
  });
}

function addWebhookMetrics(registry: Registry, sources: MetricsSources): void {
  const { prefix, webhooks } = sources;
  const totals = [
    ['webhook_attempts_total', 'Requests sent to webhook receivers.', 'attempts'],
    ['webhook_failures_total', 'Requests that a webhook receiver did not take.', 'failures'],
    ['webhook_events_delivered_total', 'Events that webhook receivers have taken.', 'delivered'],
    ['webhook_events_dropped_total', 'Events that were given up.', 'dropped'],
  ] as const;
  for (const [name, help, field] of totals) {
    new Counter({
      name: `${prefix}${name}`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        for (const batcher of webhooks.batchers.values()) this.inc(batcher.counts[field]);
      },
    });
  }
  new Gauge({
    name: `${prefix}webhook_queue_length`,
    help: 'Events that wait for webhook receivers.',
    registers: [registry],
    collect() {
      this.set([...webhooks.batchers.values()].reduce((sum, batcher) => sum + batcher.length, 0));
    },
  });
  new Gauge({
    name: `${prefix}webhook_queue_age_seconds`,
    help: 'How long the oldest of them has waited.',
    registers: [registry],
    collect() {
      const now = performance.now();
      const ages = [...webhooks.batchers.values()].map((batcher) => now - (batcher.oldestSince ?? now));
      this.set(Math.max(0, ...ages) / 1_000);
    },
  });
}
