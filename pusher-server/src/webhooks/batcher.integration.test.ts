import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { appSchema, prepareApp, webhookSchema } from '../apps/app.ts';
import type { WebhookAttempt } from '../cluster/cluster.ts';
import { UNHEARD } from '../cluster/unheard-receipt.ts';
import { Batcher } from './batcher.ts';

const app = prepareApp(appSchema.parse({ id: 'a', key: 'k', secret: 's' }));
const retry = { firstDelayMs: 5, maxDelayMs: 20, giveUpAfterMs: 60, attemptTimeoutMs: 2_000 };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A receiver that answers with `status`, or never when it is 0, and keeps the names of what it got. */
async function startReceiver(status: number) {
  const bodies: string[][] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push((JSON.parse(body) as { events: { name: string }[] }).events.map(({ name }) => name));
      if (status !== 0) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  return { bodies, webhook: webhookSchema.parse({ url }) };
}

describe('a webhook’s queue', () => {
  const failures: unknown[] = [];
  const report = (error: unknown) => failures.push(error);
  const attempts: WebhookAttempt[] = [];
  const deliveries = { keepDelivery: () => null, endDelivery: () => undefined };
  const attempted = (_appId: string, attempt: WebhookAttempt) => attempts.push(attempt);

  it('W5: puts what gathers into one request', async () => {
    const { bodies, webhook } = await startReceiver(204);
    const batcher = new Batcher('hook', { batchMs: 30, queueMax: 100, retry, report, attempted, deliveries });
    const settled = ['a', 'b', 'c'].map(
      (name) => new Promise<void>((resolve) => batcher.push(app, webhook, { name }, UNHEARD, resolve)),
    );
    await Promise.all(settled);
    expect(bodies).toEqual([['a', 'b', 'c']]);
    expect(batcher.counts).toEqual({ attempts: 1, failures: 0, delivered: 3, dropped: 0 });
  });

  it.each([500, 404, 301, 0])('W7: gives up a receiver that answers %i, counts it, and goes on', async (status) => {
    const { bodies, webhook } = await startReceiver(status);
    const policy = { ...retry, attemptTimeoutMs: status === 0 ? 40 : retry.attemptTimeoutMs };
    const batcher = new Batcher('hook', { batchMs: 0, queueMax: 100, retry: policy, report, attempted, deliveries });
    await new Promise<void>((resolve) => batcher.push(app, webhook, { name: 'a' }, UNHEARD, resolve));
    expect(batcher.counts).toMatchObject({ delivered: 0, dropped: 1 });
    expect(bodies.length).toBeGreaterThanOrEqual(1);
    expect(batcher.counts.attempts).toBe(batcher.counts.failures);
    expect(batcher.length).toBe(0);
  });

  it('W8: a full queue gives up its oldest event', async () => {
    const { bodies, webhook } = await startReceiver(200);
    const batcher = new Batcher('hook', { batchMs: 10, queueMax: 2, retry, report, attempted, deliveries });
    const settled = ['a', 'b', 'c'].map(
      (name) => new Promise<void>((resolve) => batcher.push(app, webhook, { name }, UNHEARD, resolve)),
    );
    await Promise.all(settled);
    expect(bodies).toEqual([['b', 'c']]);
    expect(batcher.counts.dropped).toBe(1);
  });

  it('L6: a flush does not wait for more, and an end gives up what cannot be sent', async () => {
    const { bodies, webhook } = await startReceiver(200);
    const batcher = new Batcher('hook', { batchMs: 60_000, queueMax: 10, retry, report, attempted, deliveries });
    batcher.push(app, webhook, { name: 'a' }, UNHEARD, () => undefined);
    await batcher.flush();
    expect(bodies).toEqual([['a']]);
    const dead = new Batcher('hook', {
      batchMs: 0,
      queueMax: 10,
      retry: { ...retry, giveUpAfterMs: 60_000 },
      report,
      attempted,
      deliveries,
    });
    const { webhook: refusing } = await startReceiver(500);
    const gone = new Promise<void>((resolve) => dead.push(app, refusing, { name: 'a' }, UNHEARD, resolve));
    const flushed = dead.flush();
    dead.close();
    await Promise.all([gone, flushed]);
    expect(dead.counts.dropped).toBe(1);
    expect(failures).toEqual([]);
  });
});
