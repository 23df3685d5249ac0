import { AggregatorRegistry, type PrometheusContentType } from 'prom-client';
import type { Metric } from './messages.ts';

/** What one worker has told of itself. */
export interface WorkerMetrics {
  readonly worker: number;
  readonly metrics: readonly Metric[];
}

/**
 * The text for Prometheus in which every value of every worker stands under a label `worker`. Nothing is added up: a
 * worker that was started again begins at 0 like a restarted instance, which `rate()` and `increase()` know.
 */
export function mergeMetrics(workers: readonly WorkerMetrics[]): Promise<string> {
  const labelled = workers.map(({ worker, metrics }) => metrics.map((metric) => withWorker(metric, worker)));
  return AggregatorRegistry.aggregate<PrometheusContentType>(labelled).metrics();
}

/** Told apart by their worker no two values meet, and the sum of one is itself. */
function withWorker(metric: Metric, worker: number) {
  const values = metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker: String(worker) } }));
  return { ...metric, values, aggregator: 'sum' };
}
