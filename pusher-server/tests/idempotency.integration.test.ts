import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, type QueueingSocket } from '../../test-support/websocket-client.ts';
import { greeted, settled, subscribed } from './frames.ts';
import { startTestServer, type TestServer } from './start.ts';

describe('idempotency_key', () => {
  let server: TestServer;
  let listener: QueueingSocket;
  let keys = 0;
  let key: string;

  beforeAll(async () => {
    server = await startTestServer();
    listener = await connect(server.ws());
    await subscribed(listener, await greeted(listener), 'news');
  });
  beforeEach(() => {
    keys += 1;
    key = `key-${String(keys)}`;
  });
  afterAll(async () => {
    listener.close();
    await server.stop();
  });

  const event = (data: string, more: object = {}) => ({ name: 'e', channel: 'news', data, ...more });
  const post = async (path: string, fields: object) => {
    const response = await server.rest('POST', path, { body: JSON.stringify(fields) });
    return [response.status, await response.json()] as const;
  };
  const received = async () => (await settled(listener)).map(({ data }) => data);

  it('H40: a repeat of an event does nothing and gets the first answer', async () => {
    const first = await post('/events', event('1', { idempotency_key: key, info: 'subscription_count' }));
    expect(first).toEqual([200, { channels: { news: { subscription_count: 1 } } }]);
    const second = await connect(server.ws());
    await subscribed(second, await greeted(second), 'news');
    expect(await post('/events', event('1', { info: 'subscription_count', idempotency_key: key }))).toEqual(first);
    second.close();
    expect(await received()).toEqual(['1']);
  });

  it('H40: repeats that come at once are published once', async () => {
    const body = event('same', { idempotency_key: key });
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('/events', body)));
    expect(answers).toEqual(Array.from({ length: 20 }, () => [200, {}]));
    expect(await received()).toEqual(['same']);
  });

  it('H40: another body under the key is 422, and what is no event stays 400', async () => {
    await post('/events', event('1', { idempotency_key: key }));
    expect(await post('/events', event('2', { idempotency_key: key }))).toEqual([
      422,
      { error: expect.any(String) as string, code: 422 },
    ]);
    expect((await post('/events', event('2', { idempotency_key: '' })))[0]).toBe(400);
    expect(await received()).toEqual(['1']);
  });

  it('H40, H42: a batch has one key, beside its items, and shares it with events', async () => {
    const batch = [event('1'), event('2')];
    expect(await post('/batch_events', { batch, idempotency_key: key })).toEqual([200, {}]);
    expect(await post('/batch_events', { batch, idempotency_key: key })).toEqual([200, {}]);
    expect((await post('/batch_events', { batch: [event('1')], idempotency_key: key }))[0]).toBe(422);
    expect((await post('/events', event('1', { idempotency_key: key })))[0]).toBe(422);
    expect((await post('/batch_events', { batch: [event('1', { idempotency_key: key })] }))[0]).toBe(400);
    expect(await received()).toEqual(['1', '2']);
  });

  it('H41: what was refused for its rate goes through when it is sent again', async () => {
    const limited = await startTestServer([{ maxBackendEventsPerSecond: 1 }]);
    const send = (fields: object) => limited.rest('POST', '/events', { body: JSON.stringify(fields) });
    await send(event('fills the second'));
    const retried = event('again', { idempotency_key: key });
    const statuses: number[] = [];
    await expect
      .poll(async () => {
        statuses.push((await send(retried)).status);
        return statuses.at(-1);
      })
      .toBe(200);
    expect(statuses[0]).toBe(429);
    await limited.stop();
  });
});
