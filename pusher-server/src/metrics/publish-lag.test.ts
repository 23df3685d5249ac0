import { Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { PublishLag } from './publish-lag.ts';

describe('publish lag', () => {
  it('L21: reads as a histogram of the library does', async () => {
    const lag = new PublishLag(
      'p_',
      () => 6001,
      () => [{ appId: 'a' }, { appId: 'quiet' }],
    );
    const shown = new Registry();
    shown.registerMetric(lag.metric);
    for (let request = 0; request < 5; request++) lag.observe('a', performance.now());
    lag.observe('a', performance.now() - 700);
    lag.observe('a', performance.now() - 60_000);

    const text = await shown.metrics();
    const sum = Number(/_sum\{app_id="a",port="6001"\} ([\d.]+)/.exec(text)?.[1]);
    expect(sum).toBeGreaterThan(60.7);
    expect(sum).toBeLessThan(62);
    const library = new Registry();
    const histogram = new Histogram({
      name: 'p_publish_lag_seconds',
      help: 'From the arrival of a request that publishes to the moment when its events were handed to all sockets.',
      labelNames: ['app_id', 'port'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers: [library],
    });
    const labels = { app_id: 'a', port: 6001 };
    for (const seconds of [0, 0, 0, 0, 0, 0.7, sum - 0.7]) histogram.observe(labels, seconds);
    histogram.zero({ app_id: 'quiet', port: 6001 });
    expect(text).toBe(await library.metrics());
    expect(await library.getMetricsAsJSON()).toMatchObject(await shown.getMetricsAsJSON());
  });
});
