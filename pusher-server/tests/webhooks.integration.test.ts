import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import Pusher from 'pusher';
import { describe, expect, it } from 'vitest';
import { connect } from '../../test-support/websocket-client.ts';
import type { AppInput } from '../src/apps/app.ts';
import { greeted, settled, subscribed } from './frames.ts';
import { APP, startTestServer, type TestServer } from './start.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly events: readonly Record<string, unknown>[];
}

/** A real receiver; `answers` are its statuses in turn, 200 when they are used up. */
async function startReceiver(answers: number[] = []) {
  const received: Received[] = [];
  let look: () => void = () => undefined;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { events } = JSON.parse(body) as Pick<Received, 'events'>;
      received.push({ headers: request.headers, body, events });
      response.writeHead(answers.shift() ?? 200).end();
      look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  /** Every event so far, as `name channel user`. */
  const lines = () =>
    received.flatMap(({ events }) =>
      events.map((event) => [event['name'], event['channel'], event['user_id']].filter(Boolean).join(' ')),
    );
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (condition()) resolve();
      };
      look();
    });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`,
    received,
    lines,
    /** Resolves when this line has come. */
    hears: (line: string) => until(() => lines().includes(line)),
    until,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Runs a test with one receiver and a server whose first app reports to it. */
async function withWebhook(
  options: { webhook?: object; answers?: number[]; delayMs?: number; apps?: Partial<AppInput>[] },
  body: (server: TestServer, receiver: Receiver) => Promise<void>,
): Promise<void> {
  const receiver = await startReceiver(options.answers);
  const app = { webhooks: [{ url: receiver.url, ...options.webhook }] };
  const server = await startTestServer([app, ...(options.apps ?? [])], {
    webhookDelayMs: options.delayMs ?? 0,
    webhookBatchMs: 20,
    shutdownGraceMs: 500,
  });
  try {
    await body(server, receiver);
  } finally {
    await server.stop();
    await receiver.close();
  }
}

async function joined(server: TestServer, channel: string, data?: object) {
  const client = await connect(server.ws());
  const id = await greeted(client);
  await subscribed(client, id, channel, data);
  return client;
}

describe('webhooks', () => {
  it('W1, W2: are what the official library takes for valid', () =>
    withWebhook({ webhook: { headers: { 'X-Own': 'yes' } } }, async (server, receiver) => {
      const client = await joined(server, 'presence-a', { user_id: 7 });
      await receiver.hears('member_added presence-a 7');
      client.send({ event: 'client-x', channel: 'presence-a', data: { a: 1 } });
      await settled(client);
      client.close();
      await receiver.hears('channel_vacated presence-a');
      const pusher = new Pusher({ appId: APP.id, key: APP.key, secret: APP.secret, host: '127.0.0.1' });
      for (const { headers, body } of receiver.received) {
        const webhook = pusher.webhook({ headers, rawBody: body });
        expect(webhook.isValid()).toBe(true);
        expect(Math.abs(webhook.getTime().getTime() - Date.now())).toBeLessThan(60_000);
        expect(headers['content-type']).toBe('application/json');
        expect(headers['x-own']).toBe('yes');
      }
      expect(receiver.received.flatMap(({ events }) => events)).toEqual([
        { name: 'channel_occupied', channel: 'presence-a' },
        { name: 'member_added', channel: 'presence-a', user_id: '7' },
        {
          name: 'client_event',
          channel: 'presence-a',
          event: 'client-x',
          data: '{"a":1}',
          socket_id: expect.stringMatching(/^\d+\.\d+$/) as string,
          user_id: '7',
        },
        { name: 'member_removed', channel: 'presence-a', user_id: '7' },
        { name: 'channel_vacated', channel: 'presence-a' },
      ]);
    }));

  it('W3: speak WoLive’s dialect', () =>
    withWebhook({ webhook: { dialect: 'wolive' } }, async (server, receiver) => {
      const client = await joined(server, 'presence-a', { user_id: '7' });
      client.close();
      await receiver.hears('channel_removed presence-a');
      expect(receiver.lines()).toEqual([
        'channel_added presence-a',
        'user_added presence-a 7',
        'user_removed presence-a 7',
        'channel_removed presence-a',
      ]);
    }));

  it('W4: a return within the delay is told to nobody, a lasting absence once', () =>
    withWebhook({ delayMs: 300 }, async (server, receiver) => {
      const first = await joined(server, 'presence-a', { user_id: '7' });
      await receiver.hears('member_added presence-a 7');
      first.close();
      await first.closed;
      const second = await joined(server, 'presence-a', { user_id: '7' });
      const other = await joined(server, 'marker');
      other.close();
      await receiver.hears('channel_vacated marker');
      expect(receiver.lines()).toEqual([
        'channel_occupied presence-a',
        'member_added presence-a 7',
        'channel_occupied marker',
        'channel_vacated marker',
      ]);
      second.close();
      await receiver.hears('channel_vacated presence-a');
      expect(receiver.lines().slice(4)).toEqual(['member_removed presence-a 7', 'channel_vacated presence-a']);
    }));

  it('W6: get only what they asked for', () =>
    withWebhook(
      {
        webhook: {
          event_types: ['channel_occupied'],
          filter: { channel_name_starts_with: 'private-', channel_name_ends_with: '-x' },
        },
      },
      async (server, receiver) => {
        for (const channel of ['private-a', 'news-x', 'private-b-x']) (await joined(server, channel)).close();
        await receiver.hears('channel_occupied private-b-x');
        await server.stop();
        expect(receiver.lines()).toEqual(['channel_occupied private-b-x']);
      },
    ));

  it('W5: two apps are never in one request', () =>
    withWebhook({}, async (_server, receiver) => {
      const apps = [
        { webhooks: [{ url: receiver.url }] },
        { id: 'app-2', key: 'key-2', secret: 'secret-2', webhooks: [{ url: receiver.url }] },
      ];
      const server = await startTestServer(apps, { webhookBatchMs: 50 });
      const one = await joined(server, 'of-one');
      const two = await connect(server.ws('/app/key-2?protocol=7'));
      await subscribed(two, await greeted(two), 'of-two');
      await receiver.until(() => receiver.lines().length === 2);
      expect(receiver.received.map(({ headers, events }) => [headers['x-pusher-key'], events])).toEqual(
        expect.arrayContaining([
          ['key-1', [{ name: 'channel_occupied', channel: 'of-one' }]],
          ['key-2', [{ name: 'channel_occupied', channel: 'of-two' }]],
        ]),
      );
      one.close();
      two.close();
      await server.stop();
    }));

  it('W7: are repeated with the same body and id until they are taken, in order', () =>
    withWebhook({ answers: [500, 302] }, async (server, receiver) => {
      const client = await joined(server, 'first');
      await receiver.until(() => receiver.received.length === 1);
      (await joined(server, 'second')).close();
      await receiver.hears('channel_vacated second');
      const [one, two, three, four] = receiver.received;
      expect([two?.body, three?.body]).toEqual([one?.body, one?.body]);
      const ids = receiver.received.map(({ headers }) => headers['x-delivery-id']);
      expect(ids[0]).toMatch(/\S/);
      expect(ids.slice(0, 3)).toEqual([ids[0], ids[0], ids[0]]);
      expect(ids[3]).not.toBe(ids[0]);
      expect(four?.events[0]).toEqual({ name: 'channel_occupied', channel: 'second' });
      client.close();
    }));

  it('W4, L6: what waits is told before the server ends', () =>
    withWebhook({ delayMs: 60_000 }, async (server, receiver) => {
      (await joined(server, 'presence-a', { user_id: '7' })).close();
      await receiver.hears('member_added presence-a 7');
      await server.stop();
      expect(receiver.lines().slice(2)).toEqual(['member_removed presence-a 7', 'channel_vacated presence-a']);
    }));
});
