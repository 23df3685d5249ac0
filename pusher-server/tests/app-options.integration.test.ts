import { describe, expect, it } from 'vitest';
import { connect } from '../../test-support/websocket-client.ts';
import { frame, greeted, settled, subscribed } from './frames.ts';
import { startTestServer } from './start.ts';

describe('options of an app', () => {
  it('C10: a connection that authorises nothing in time is closed with 4009', async () => {
    const strict = await startTestServer([{ userAuthenticationTimeoutMs: 150 }]);
    const lazy = await connect(strict.ws());
    await subscribed(lazy, await greeted(lazy), 'news');
    const busy = await connect(strict.ws());
    await subscribed(busy, await greeted(busy), 'private-a');
    expect((await lazy.closed).code).toBe(4009);
    expect(await settled(busy)).toEqual([]);
    busy.close();
    await strict.stop();
  });

  it('S11: subscribers hear how many they are', async () => {
    const counting = await startTestServer([{ enableSubscriptionCount: true }]);
    const ann = await connect(counting.ws());
    await subscribed(ann, await greeted(ann), 'news');
    const count = (number: number) => ({
      event: 'pusher_internal:subscription_count',
      channel: 'news',
      data: JSON.stringify({ subscription_count: number }),
    });
    expect(await frame(ann)).toEqual(count(1));
    const bob = await connect(counting.ws());
    const bobId = await greeted(bob);
    await subscribed(bob, bobId, 'news');
    expect(await frame(ann)).toEqual(count(2));
    expect(await frame(bob)).toEqual(count(2));
    await subscribed(bob, bobId, 'presence-a', { user_id: 'bob' });
    bob.close();
    expect(await frame(ann)).toEqual(count(1));
    ann.close();
    await counting.stop();
  });

  it('E3: client events can be switched off', async () => {
    const quiet = await startTestServer([{ enableClientMessages: false }]);
    const ann = await connect(quiet.ws());
    await subscribed(ann, await greeted(ann), 'private-a');
    ann.send({ event: 'client-x', channel: 'private-a', data: '' });
    expect(await frame(ann)).toMatchObject({ event: 'pusher:error', data: { code: null } });
    ann.close();
    await quiet.stop();
  });

  it('C2: a path prefix holds for sockets and REST, and the bare paths are not served', async () => {
    const prefixed = await startTestServer([{}], { pathPrefix: '/realtime' });
    const ann = await connect(prefixed.ws('/realtime/app/key-1?protocol=7'));
    await greeted(ann);
    ann.close();
    const bare = await connect(prefixed.ws());
    expect((await bare.closed).code).toBe(4005);
    expect((await prefixed.rest('GET', '/channels')).status).toBe(404);
    await prefixed.stop();
  });
});
