import { expect, it } from 'vitest';
import { appSchema, prepareApp } from '../apps/app.ts';
import type { Fact } from '../cluster/cluster.ts';
import { UNHEARD } from '../cluster/unheard-receipt.ts';
import { Webhooks } from './webhooks.ts';

const appWith = (urls: readonly string[]) =>
  prepareApp(appSchema.parse({ id: 'a', key: 'k', secret: 's', webhooks: urls.map((url) => ({ url })) }));
const fact: Fact = { kind: 'channel_occupied', appId: 'a', channel: 'news' };
/** Port 1 refuses at once. */
const refusing = 'http://127.0.0.1:1/';

it('L21: queues that an app has no webhook for any more go, what they counted stays', async () => {
  const retry = { firstDelayMs: 1, maxDelayMs: 1, giveUpAfterMs: 0, attemptTimeoutMs: 1_000 };
  const deliveries = { keepDelivery: () => null, endDelivery: () => undefined };
  const options = { batchMs: 0, queueMax: 10, retry, report: () => undefined, attempted: () => undefined, deliveries };
  const webhooks = new Webhooks(options);
  const before = appWith([refusing]);
  const settled = new Promise<void>((resolve) => webhooks.dispatch(before, fact, { ...UNHEARD, settled: resolve }));
  const after = appWith(['http://127.0.0.1:1/other']);
  webhooks.forgetUnused('a', after);
  expect(webhooks.state('a')).toMatchObject({ waiting: 1, oldestSince: expect.any(Number) as number });
  await settled;
  expect(webhooks.state('a')).toEqual({
    attempts: 1,
    failures: 1,
    delivered: 0,
    dropped: 1,
    waiting: 0,
    oldestSince: null,
  });
  webhooks.forgetUnused('a', after);
  expect(webhooks.state('a')).toMatchObject({ attempts: 1, failures: 1, dropped: 1 });
  await new Promise<void>((resolve) => webhooks.dispatch(after, fact, { ...UNHEARD, settled: resolve }));
  expect(webhooks.state('a')).toMatchObject({ attempts: 2, dropped: 2 });
  webhooks.forgetUnused('a', null);
  expect(webhooks.state('a')).toMatchObject({ attempts: 0 });
});
