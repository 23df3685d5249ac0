import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connect } from '../../test-support/websocket-client.ts';
import { eventually } from '../../test-support/http-calls.ts';
import { greeted, subscribed } from './frames.ts';
import { APP, startTestServer, type TestServer } from './start.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const log = z.strictObject({
  deliveries: z.array(
    z.strictObject({
      time: z.iso.datetime(),
      url: z.string(),
      delivery_id: z.uuid(),
      attempt: z.number(),
      duration_ms: z.number().min(0),
      status: z.number().nullable(),
      error: z.string().nullable(),
      event_count: z.number(),
      event_names: z.array(z.string()),
    }),
  ),
});
type Log = z.infer<typeof log>['deliveries'];

/** A server whose app has a webhook at a receiver that answers with these statuses, then with the last of them. */
async function start(statuses: readonly number[], query = '') {
  const ids: string[] = [];
  const receiver = createServer((request, response) => {
    ids.push(String(request.headers['x-delivery-id']));
    request.resume().on('end', () => response.writeHead(statuses[ids.length - 1] ?? statuses.at(-1) ?? 200).end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  closers.push(() => void receiver.close().closeAllConnections());
  const address = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/hook`;
  const server = await startTestServer(
    [{ webhooks: [{ url: address + query, headers: { 'X-Mine': 'hush' } }] }, { id: 'app-2', key: 'key-2' }],
    { webhookBatchMs: 20 },
  );
  closers.push(() => server.stop());
  return { server, address, ids };
}

async function say(server: TestServer): Promise<void> {
  const socket = await connect(server.ws());
  closers.push(() => socket.close());
  const id = await greeted(socket);
  await subscribed(socket, id, 'private-talk');
  socket.send({ event: 'client-said', channel: 'private-talk', data: 'a very private sentence' });
}

function deliveries(server: TestServer, count: number, query: Record<string, string> = {}): Promise<Log> {
  return eventually(
    async () => log.parse(await (await server.rest('GET', '/webhooks/deliveries', { query })).json()).deliveries,
    (found) => found.length >= count,
  );
}

describe('GET webhooks/deliveries', () => {
  it('W9, H30: tells every attempt, the newest first, and what events it carried', async () => {
    const { server, address, ids } = await start([500, 204]);
    await say(server);
    // On a busy machine what was said may go out in more deliveries than one: the first is meant.
    const [second, first] = (await deliveries(server, 2)).slice(-2);
    expect(first).toMatchObject({ url: address, attempt: 1, status: 500, error: null });
    expect(second).toMatchObject({ url: address, attempt: 2, status: 204, error: null });
    expect([first?.delivery_id, second?.delivery_id]).toEqual(ids.slice(0, 2));
    expect(second?.event_names).toEqual(first?.event_names);
    expect(first?.event_names).toContain('channel_occupied');
    expect(await deliveries(server, 1, { limit: '1' })).toHaveLength(1);
  });

  it('W9: keeps neither what events said nor secrets', async () => {
    const { server, address } = await start([200], '?token=hush');
    await say(server);
    await eventually(
      () => deliveries(server, 1),
      (found) => found.some(({ event_names }) => event_names.includes('client_event')),
    );
    const text = await (await server.rest('GET', '/webhooks/deliveries')).text();
    expect(text).toContain(`${address}?…`);
    for (const hidden of ['private sentence', 'hush', APP.secret]) expect(text).not.toContain(hidden);
  });

  it('W9: a receiver that is not there is told with the reason', async () => {
    const { server, address } = await start([200]);
    await closers.shift()?.();
    await say(server);
    expect((await deliveries(server, 1)).at(-1)).toMatchObject({ url: address, status: null, error: 'ECONNREFUSED' });
  });

  it('H30, H2: is signed, takes a limit of 1 to 1,000, and is empty for an app without webhooks', async () => {
    const { server } = await start([200]);
    expect((await server.rest('GET', '/webhooks/deliveries', { secret: 'wrong' })).status).toBe(401);
    expect((await server.rest('GET', '/webhooks/deliveries', { query: { limit: '1001' } })).status).toBe(400);
    expect(await deliveries(server, 0)).toEqual([]);
  });
});
