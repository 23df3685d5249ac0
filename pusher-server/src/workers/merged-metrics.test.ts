import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { mergeMetrics } from './merged-metrics.ts';
import { metricsSchema } from './messages.ts';

/** A process with one of each kind of metric, as it arrives at the parent. */
async function metricsOf(requests: number, seconds: number) {
  const registers = [new Registry()];
  new Counter({ name: 'requests_total', help: 'Requests.', labelNames: ['app_id'], registers }).inc(
    { app_id: 'a "b"' },
    requests,
  );
  new Gauge({ name: 'lag', help: 'Nothing yet.', registers }).set(NaN);
  new Histogram({ name: 'wait_seconds', help: 'Waits.', buckets: [1, 5], registers }).observe(seconds);
  return metricsSchema.parse(await registers[0]?.getMetricsAsJSON());
}

describe('metrics of several workers', () => {
  it('K84: every value stands under the label of its worker, histograms too', async () => {
    const workers = [
      { worker: 1, metrics: await metricsOf(7, 0.5) },
      { worker: 2, metrics: await metricsOf(8, 3) },
    ];
    expect((await mergeMetrics(workers)).trim().split('\n')).toEqual([
      '# HELP requests_total Requests.',
      '# TYPE requests_total counter',
      'requests_total{app_id="a \\"b\\"",worker="1"} 7',
      'requests_total{app_id="a \\"b\\"",worker="2"} 8',
      '',
      '# HELP lag Nothing yet.',
      '# TYPE lag gauge',
      'lag{worker="1"} Nan',
      'lag{worker="2"} Nan',
      '',
      '# HELP wait_seconds Waits.',
      '# TYPE wait_seconds histogram',
      'wait_seconds_bucket{le="1",worker="1"} 1',
      'wait_seconds_bucket{le="5",worker="1"} 1',
      'wait_seconds_bucket{le="+Inf",worker="1"} 1',
      'wait_seconds_sum{worker="1"} 0.5',
      'wait_seconds_count{worker="1"} 1',
      'wait_seconds_bucket{le="1",worker="2"} 0',
      'wait_seconds_bucket{le="5",worker="2"} 1',
      'wait_seconds_bucket{le="+Inf",worker="2"} 1',
      'wait_seconds_sum{worker="2"} 3',
      'wait_seconds_count{worker="2"} 1',
    ]);
  });

  it("K84: keeps what prom-client's own sums would leave out or average", async () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const metrics = metricsSchema.parse(await registry.getMetricsAsJSON());
    const text = await mergeMetrics([1, 2].map((worker) => ({ worker, metrics })));
    for (const { name } of metrics) {
      expect(text).toContain(`# TYPE ${name} `);
    }
    expect(text).toMatch(/process_start_time_seconds\{worker="2"\} \d/);
  });

  it('K84: tells nothing when no worker answers', async () => {
    expect(await mergeMetrics([])).toBe('\n');
  });
});
