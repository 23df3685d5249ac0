import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { appSchema, prepareApp, webhookSchema } from '../apps/app.ts';
import type { Delivery, FactReceipt, WebhookAttempt } from '../cluster/cluster.ts';
import { UNHEARD } from '../cluster/unheard-receipt.ts';
import { Batcher } from './batcher.ts';
import { prepareDelivery } from './sender.ts';

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

  /** What is kept between the nodes, and receipts that say whose a fact is. */
  function keeper(answers: boolean[] = []) {
    const log: string[] = [];
    const receipt = (isHeld = true): FactReceipt => ({ ...UNHEARD, isHeld: () => isHeld });
    return {
      log,
      receipt,
      deliveries: {
        keepDelivery: ({ body }: Delivery) => {
          log.push(`keep ${namesIn(body)}`);
          return Promise.resolve(answers.shift() ?? true);
        },
        endDelivery: ({ body }: Delivery) => log.push(`end ${namesIn(body)}`),
      },
    };
  }
  const namesIn = (body: string) =>
    (JSON.parse(body) as { events: { name: string }[] }).events.map(({ name }) => name).join();

  it('K14: keeps a delivery before it is sent and ends it before its facts are settled', async () => {
    const { bodies, webhook } = await startReceiver(200);
    const { log, deliveries, receipt } = keeper();
    const options = { batchMs: 0, queueMax: 10, retry, report, attempted, deliveries };
    const batcher = new Batcher('hook', options);
    await new Promise<void>((resolve) =>
      batcher.push(app, webhook, { name: 'a' }, receipt(), () => {
        log.push('settled');
        resolve();
      }),
    );
    expect(log).toEqual(['keep a', 'end a', 'settled']);
    expect(bodies).toEqual([['a']]);
  });

  it('K14: repeats a delivery as it is', async () => {
    const { webhook } = await startReceiver(200);
    const { log, deliveries } = keeper();
    const batcher = new Batcher('hook', { batchMs: 0, queueMax: 10, retry, report, attempted, deliveries });
    const former = prepareDelivery(app, webhook, 'hook', [{ name: 'a' }, { name: 'b' }], 7);
    const from = attempts.length;
    await new Promise<void>((resolve) => batcher.repeat(former, { ...UNHEARD, settled: resolve }));
    expect(attempts.slice(from)).toMatchObject([{ deliveryId: former.id, eventCount: 2 }]);
    expect(log).toEqual(['end a,b']);
  });

  it('K15: what has passed to another sender is not sent, the rest of its request is', async () => {
    const { bodies, webhook } = await startReceiver(200);
    const { log, deliveries, receipt } = keeper([false, true]);
    const batcher = new Batcher('hook', { batchMs: 10, queueMax: 10, retry, report, attempted, deliveries });
    const settled: string[] = [];
    const done = new Promise<void>((resolve) => {
      batcher.push(app, webhook, { name: 'passed' }, receipt(false), () => settled.push('passed'));
      batcher.push(app, webhook, { name: 'own' }, receipt(), () => {
        settled.push('own');
        resolve();
      });
    });
    await done;
    expect(log).toEqual(['keep passed,own', 'keep own', 'end own']);
    expect(bodies).toEqual([['own']]);
    expect(settled).toEqual(['own']);
  });

  it('K15: a repetition is not made any more once another node sends', async () => {
    const { bodies, webhook } = await startReceiver(500);
    const { log, deliveries } = keeper();
    const batcher = new Batcher('hook', { batchMs: 0, queueMax: 10, retry, report, attempted, deliveries });
    // At first nobody can tell whose it is.
    const answers = [Promise.resolve(false)];
    const passing = { ...UNHEARD, isHeld: () => answers.shift() ?? false };
    batcher.push(app, webhook, { name: 'a' }, passing, () => log.push('settled'));
    await batcher.flush();
    expect(bodies).toEqual([['a']]);
    expect(log).toEqual(['keep a']);
  });

  it('K13: what could not be sent before the end is left to the next sender', async () => {
    const { webhook } = await startReceiver(500);
    const { log, deliveries, receipt } = keeper();
    const slow = { ...retry, giveUpAfterMs: 60_000 };
    const batcher = new Batcher('hook', { batchMs: 0, queueMax: 10, retry: slow, report, attempted, deliveries });
    for (const name of ['a', 'b']) batcher.push(app, webhook, { name }, receipt(), () => log.push('settled'));
    const flushed = batcher.flush();
    batcher.close();
    await flushed;
    expect(log.filter((line) => !line.startsWith('keep'))).toEqual([]);
    expect(batcher.counts.dropped).toBe(0);
  });
});
