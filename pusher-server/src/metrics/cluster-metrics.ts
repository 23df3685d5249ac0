import { Counter, Gauge, type Registry } from 'prom-client';
import type { Cluster, ClusterHealth } from '../cluster/cluster.ts';

const GAUGES: readonly (readonly [name: string, help: string, read: (health: ClusterHealth) => number])[] = [
  ['cluster_up', 'Whether this node reaches Redis, through which nodes are one; 1 on a single node.', ({ up }) => +up],
  ['cluster_waiting_events', 'Events for other nodes that wait to be passed on.', ({ waiting }) => waiting],
  [
    'cluster_waiting_changes',
    'Channels, members and users that Redis does not know the latest of.',
    ({ dirty }) => dirty,
  ],
];

const COUNTERS: typeof GAUGES = [
  [
    'cluster_subscription_gaps_total',
    'Times that events of other nodes were missed because the connection to Redis broke.',
    ({ gaps }) => gaps,
  ],
  [
    'cluster_lost_facts_total',
    'Facts that no webhook was told, because more waited than are kept.',
    ({ lostFacts }) => lostFacts,
  ],
];

/** How this node stands with the others, read at the moment of the scrape. */
export function addClusterMetrics(registry: Registry, prefix: string, cluster: Pick<Cluster, 'health'>): void {
  for (const [name, help, read] of GAUGES) {
    new Gauge({
      name: `${prefix}${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read(cluster.health));
      },
    });
  }
  for (const [name, help, read] of COUNTERS) {
    new Counter({
      name: `${prefix}${name}`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read(cluster.health));
      },
    });
  }
}
