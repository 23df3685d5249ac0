import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './start.ts';

describe('rates over REST', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer([{ maxBackendEventsPerSecond: 1, maxReadRequestsPerSecond: 1 }]);
  });
  afterAll(() => server.stop());

  const event = { name: 'e', channel: 'news', data: 'x' };
  const body = JSON.stringify(event);

  it.each([
    ['POST', '/events', body],
    ['POST', '/batch_events', JSON.stringify({ batch: [event] })],
    ['POST', '/channels/news/events', 'x'],
    ['POST', '/users/ann/terminate_connections', '{}'],
    ['GET', '/channels', undefined],
    ['GET', '/channels/news', undefined],
    ['GET', '/channels/presence-a/users', undefined],
    ['GET', '/connections', undefined],
    ['GET', '/webhooks/deliveries', undefined],
  ] as const)('H16: %s %s is 429 with Retry-After when its rate is used up', async (method, path, content) => {
    const query = path.endsWith('/events') ? { name: 'e' } : {};
    const options = content === undefined ? {} : { body: content, query };
    // Two in one second at least are among three, wherever the second begins.
    const answers = await Promise.all([1, 2, 3].map(() => server.rest(method, path, options)));
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect(await refused?.json()).toEqual({ error: expect.any(String) as string, code: 429 });
  });
});
