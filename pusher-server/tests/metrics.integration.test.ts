import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { connect } from '../../test-support/websocket-client.ts';
import { greeted, settled, subscribed } from './frames.ts';
import { startTestServer, type TestServer } from './start.ts';

/** The values of one metric by app, as they stand in the text; every one must carry the server's port. */
async function scrape(server: TestServer): Promise<(name: string, appId?: string) => number | undefined> {
  const text = await (await fetch(`http://127.0.0.1:${String(server.metricsPort)}/metrics`)).text();
  return (name, appId = 'app-1') => {
    const labels = `app_id="${appId}",port="${String(server.port)}"`;
    const line = text.split('\n').find((candidate) => {
      const [front = ''] = candidate.split('} ');
      return front === `${name}{${labels}` || (front.startsWith(`${name}{`) && front.endsWith(labels));
    });
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
}

/** pusher.md, section 4: the names without their prefix. */
const SOKETI = [
  'connected',
  'new_connections_total',
  'new_disconnections_total',
  'socket_received_bytes',
  'socket_transmitted_bytes',
  'ws_messages_received_total',
  'ws_messages_sent_total',
  'http_received_bytes',
  'http_transmitted_bytes',
  'http_calls_received_total',
  'horizontal_adapter_resolve_time_count',
  'horizontal_adapter_resolved_promises',
  'horizontal_adapter_uncomplete_promises',
  'horizontal_adapter_sent_requests',
  'horizontal_adapter_received_requests',
  'horizontal_adapter_received_responses',
];

const OURS = [
  'publish_lag_seconds_count',
  'slow_readers_closed_total',
  'backpressure_dropped_total',
  'active_channels',
  'webhook_attempts_total',
  'webhook_failures_total',
  'webhook_events_delivered_total',
  'webhook_events_dropped_total',
  'webhook_queue_length',
  'webhook_queue_age_seconds',
];

describe('metrics', () => {
  it.each(['soketi_', 'chat_', ''])(
    'L20, L21: every name is there behind %j, for apps that did nothing too',
    async (prefix) => {
      const server = await startTestServer([{}, { id: 'app-2', key: 'key-2' }], { metricsPrefix: prefix });
      const value = await scrape(server);
      for (const name of [...SOKETI, ...OURS]) {
        expect([name, value(`${prefix}${name}`), value(`${prefix}${name}`, 'app-2')]).toEqual([name, 0, 0]);
      }
      await server.stop();
    },
  );

  it('L2, L21: they tell what was done, and of each app its own', async () => {
    const server = await startTestServer([{}, { id: 'app-2', key: 'key-2' }]);
    const client = await connect(server.ws());
    await subscribed(client, await greeted(client), 'news');
    await server.rest('POST', '/events', { body: JSON.stringify({ name: 'e', channel: 'news', data: 'x' }) });
    const batch = [1, 2, 3].map((number) => ({ name: 'e', channel: 'news', data: String(number) }));
    await server.rest('POST', '/batch_events', { body: JSON.stringify({ batch }) });
    await server.rest('GET', '/channels');
    await settled(client);
    const value = await scrape(server);
    expect(value('soketi_connected')).toBe(1);
    expect(value('soketi_active_channels')).toBe(1);
    expect(value('soketi_http_calls_received_total')).toBe(3);
    expect(value('soketi_ws_messages_received_total')).toBe(2);
    // Greeting, subscription, four events, pong.
    expect(value('soketi_ws_messages_sent_total')).toBe(7);
    expect(value('soketi_publish_lag_seconds_count')).toBe(2);
    expect(value('soketi_publish_lag_seconds_sum')).toBeGreaterThan(0);
    expect(value('soketi_http_calls_received_total', 'app-2')).toBe(0);
    expect(value('soketi_publish_lag_seconds_count', 'app-2')).toBe(0);
    client.close();
    await client.closed;
    const after = await scrape(server);
    expect([after('soketi_connected'), after('soketi_new_disconnections_total')]).toEqual([0, 1]);
    await server.stop();
  });

  it('L21: webhook attempts, failures and the age of what waits', async () => {
    let status = 500;
    const receiver = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end());
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/`;
    const server = await startTestServer([{ webhooks: [{ url }] }], { webhookBatchMs: 0 });
    const client = await connect(server.ws());
    await subscribed(client, await greeted(client), 'news');
    await expect.poll(async () => (await scrape(server))('soketi_webhook_failures_total')).toBe(1);
    const waiting = await scrape(server);
    expect([waiting('soketi_webhook_attempts_total'), waiting('soketi_webhook_queue_length')]).toEqual([1, 1]);
    expect(waiting('soketi_webhook_queue_age_seconds')).toBeGreaterThan(0);
    status = 204;
    await expect
      .poll(async () => (await scrape(server))('soketi_webhook_events_delivered_total'), { timeout: 5_000 })
      .toBe(1);
    const done = await scrape(server);
    expect([done('soketi_webhook_queue_length'), done('soketi_webhook_queue_age_seconds')]).toEqual([0, 0]);
    client.close();
    await server.stop();
    receiver.close();
  });
});
