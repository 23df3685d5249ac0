import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import Pusher from 'pusher';
import { expect, it } from 'vitest';
import { startPusherServer } from '../../test-support/pusher-server.ts';
import { connected } from './churn/connected.ts';
import { keepComing, type Tally } from './churn/guest.ts';
import { INSPECTED, settledMemory, type SettledMemory } from './churn/settled-memory.ts';

const MINUTES = Number(process.env['CHURN_MINUTES'] ?? 10);
const GUESTS = 40;
/** Fewer than guests, so that some find the house full. */
const PLACES = 35;
const app = { id: 'app-1', key: 'key-1', secret: 'secret-1' };

/** Counts for every channel and member how often it came and went. */
async function startLedger() {
  const balance = new Map<string, number>();
  const worth: Record<string, number> = {
    channel_occupied: 1,
    channel_vacated: -1,
    member_added: 1,
    member_removed: -1,
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { events } = JSON.parse(body) as { events: { name: string; channel: string; user_id?: string }[] };
      for (const { name, channel, user_id = '' } of events) {
        const key = `${channel} ${user_id}`;
        balance.set(key, (balance.get(key) ?? 0) + (worth[name] ?? 0));
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    owed: () => Object.fromEntries([...balance].filter(([, count]) => count !== 0)),
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

it(
  `${String(MINUTES)} minutes of connecting, joining, leaving, killing and being refused leave nothing behind`,
  async () => {
    const ledger = await startLedger();
    const server = await startPusherServer({
      apps: [{ ...app, maxConnections: PLACES, enableSubscriptionCount: true, webhooks: [{ url: ledger.url }] }],
      env: { ...INSPECTED, PUSHER_WEBHOOK_DELAY_MS: '500', LOG_LEVEL: 'warn' },
    });
    const metricsPort = server.metricsPort ?? 0;
    const rest = new Pusher({
      appId: app.id,
      key: app.key,
      secret: app.secret,
      host: '127.0.0.1',
      port: String(server.port),
      useTLS: false,
      encryptionMasterKeyBase64: Buffer.alloc(32, 7).toString('base64'),
    });
    const tally: Tally = {
      connected: 0,
      refused: 0,
      joined: 0,
      denied: 0,
      left: 0,
      events: 0,
      triggers: 0,
      closed: 0,
      killed: 0,
      aborted: 0,
    };
    try {
      const start = Date.now();
      const guests = Array.from({ length: GUESTS }, () =>
        keepComing({ port: server.port, key: app.key, rest, tally }, start + MINUTES * 60_000),
      );
      const memoryAt = async (share: number) => {
        await delay(share * MINUTES * 60_000);
        return settledMemory(server);
      };
      const [first, last] = await Promise.all([memoryAt(0.1), memoryAt(0.98), ...guests]);

      await expect.poll(() => connected(metricsPort), { timeout: 10_000 }).toBe(0);
      const { channels } = (await (await rest.get({ path: '/channels', params: {} })).json()) as { channels: object };
      expect(channels).toEqual({});
      await expect.poll(ledger.owed, { timeout: 10_000 }).toEqual({});
      process.stdout.write(
        `churn: ${String(MINUTES)} min, ${JSON.stringify(tally)}, garbage collected: ${told(first)} after a tenth of ` +
          `the time, ${told(last)} at the end\n`,
      );
      expect(last.heap).toBeLessThan(first.heap * 1.1);
      expect(last.process).toBeLessThan(first.process * 1.1);
      expect(tally.connected).toBeGreaterThan(MINUTES * 1_000);
    } finally {
      await server.stop();
      await ledger.close();
    }
  },
  MINUTES * 60_000 + 120_000,
);

function told({ heap, process: whole }: SettledMemory): string {
  return `${heap.toFixed(1)} MB of objects in ${whole.toFixed(1)} MB`;
}
