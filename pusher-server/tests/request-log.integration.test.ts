import { expect, it } from 'vitest';
import { startPusherServer } from '../../test-support/pusher-server.ts';
import { signedUrl } from './start.ts';

it('L25: a call at debug level is a line of JSON with the id of its answer, refused or not', async () => {
  const server = await startPusherServer({ env: { LOG_LEVEL: 'debug' } });
  const body = JSON.stringify({ name: 'e', channel: 'news', data: 'x' });
  const good = await fetch(signedUrl(server.port, 'POST', '/events', { body }), { method: 'POST', body });
  const headers = { 'X-Request-Id': 'mine-1' };
  const url = signedUrl(server.port, 'GET', '/channels', { secret: 'wrong' });
  const refused = await fetch(url, { headers });
  expect([good.status, refused.status, refused.headers.get('x-request-id')]).toEqual([200, 401, 'mine-1']);
  expect(await server.stop()).toBe(0);
  const lines = server
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === 'request');
  expect(lines).toMatchObject([
    { requestId: good.headers.get('x-request-id'), method: 'POST', path: '/apps/app-1/events', status: 200, level: 20 },
    { requestId: 'mine-1', method: 'GET', path: '/apps/app-1/channels', status: 401 },
  ]);
  expect(server.output()).not.toMatch(/secret-1|auth_signature=/);
});
