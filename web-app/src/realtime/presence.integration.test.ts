import pg from 'pg';
import PusherLibrary from 'pusher';
import Pusher from 'pusher-js';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test-support/http-calls.ts';
import { signIn, type SignedInAgent } from '../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../test-support/stack.ts';
import type { ApiMe } from '../front-doors/console-api/wire.ts';

/**
 * The realtime server tells of a left channel after a tenth of a second, and web-app believes that to be 7.2 s: so a
 * disconnect is told after 0.9 s in place of 8 s.
 */
const quick = {
  pusherEnv: { PUSHER_WEBHOOK_DELAY_MS: '100', PUSHER_SHUTDOWN_GRACE_MS: '100' },
  webEnv: { PUSHER_WEBHOOK_DELAY_MS: '7200' },
};
const noWebhooks = { pusherEnv: { PUSHER_APP_WEBHOOKS: '[]' } };

const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.reverse().splice(0)) await close();
});

async function started(options: Parameters<typeof startStack>[0]): Promise<{ stack: Stack; admin: SignedInAgent }> {
  const stack = await startStack(options);
  closing.push(() => stack.stop());
  const { firstRun } = stack.web;
  const admin = await signIn(stack.webUrl, firstRun?.userName ?? '', firstRun?.password ?? '');
  return { stack, admin };
}

/** A connection that holds channels, signed for with the app's secret. */
async function hold(stack: Stack, channels: string[]): Promise<{ told: string[]; leave(): void }> {
  const { id: appId, key, secret } = stack.app;
  const signer = new PusherLibrary({ appId, key, secret, host: '127.0.0.1' });
  const client = new Pusher(key, {
    cluster: '',
    wsHost: '127.0.0.1',
    wsPort: stack.pusher.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '',
      customHandler: ({ socketId, channelName }, callback) =>
        callback(null, signer.authorizeChannel(socketId, channelName)),
    },
  });
  const told: string[] = [];
  for (const name of channels) {
    const channel = client.subscribe(name);
    channel.bind_global((event: string, data: { message?: unknown }) => {
      if (event === 'geton' || event === 'logout') told.push(`${event} ${JSON.stringify(data.message)}`);
    });
    await new Promise((resolve) => channel.bind('pusher:subscription_succeeded', resolve));
  }
  closing.push(() => client.disconnect());
  return { told, leave: () => client.disconnect() };
}

function agentBecomes(admin: SignedInAgent, online: boolean, timeoutMs = 15_000): Promise<unknown> {
  return eventually(
    () => admin.calls.get<ApiMe>('/api/v1/me'),
    ({ body }) => body.online === online,
    timeoutMs,
  );
}

/** Whether somebody's grace is running. */
async function leavingIsPending(stack: Stack, expected: boolean): Promise<void> {
  const pool = new pg.Pool({ connectionString: stack.databaseUrl, max: 1 });
  const pending = 'select count(*)::int as n from presence where offline_due_at is not null';
  await eventually(
    async () => (await pool.query<{ n: number }>(pending)).rows[0]?.n ?? 0,
    (n) => n > 0 === expected,
  );
  await pool.end();
}

describe('presence', () => {
  it('follows the webhooks: online at once, offline when the grace is over, each told to the visitors once', async () => {
    const { stack, admin } = await started(quick);
    const visitor = await hold(stack, [`private-se${admin.me.id}`]);
    const console1 = await hold(stack, [admin.me.channels.own]);
    const console2 = await hold(stack, [admin.me.channels.own]);
    await agentBecomes(admin, true);

    console1.leave();
    console2.leave();
    await agentBecomes(admin, false);
    await eventually(
      () => Promise.resolve(visitor.told),
      (told) => told.length >= 2,
    );
    expect(visitor.told).toEqual(['geton "online"', 'logout "offline"']);
  });

  it('tells nobody of a blip', async () => {
    const { stack, admin } = await started(quick);
    const visitor = await hold(stack, [`private-se${admin.me.id}`]);
    const before = await hold(stack, [admin.me.channels.own]);
    await agentBecomes(admin, true);

    before.leave();
    await leavingIsPending(stack, true);
    const after = await hold(stack, [admin.me.channels.own]);
    await leavingIsPending(stack, false);
    // A second leaving is told; had the blip been told, it would stand before this.
    after.leave();
    await agentBecomes(admin, false);
    await eventually(
      () => Promise.resolve(visitor.told),
      (told) => told.includes('logout "offline"'),
    );
    expect(visitor.told).toEqual(['geton "online"', 'logout "offline"']);
  });

  it('finds at its start who came while it was away, and when the realtime server returns who is gone', async () => {
    const { stack, admin } = await started(noWebhooks);
    await hold(stack, [admin.me.channels.own]);
    expect((await admin.calls.get<ApiMe>('/api/v1/me')).body.online).toBe(false);
    await stack.restartWeb();
    await agentBecomes(admin, true);

    for (const close of closing.splice(1).reverse()) await close();
    await stack.killPusher9();
    await stack.restartPusher();
    await agentBecomes(admin, false, 20_000);
  });
});
