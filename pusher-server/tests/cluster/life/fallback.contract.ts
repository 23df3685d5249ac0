import Pusher from 'pusher';
import type { PresenceChannel } from 'pusher-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joined, once, openClient8 } from '../../official-clients/clients.ts';
import { APP } from '../../start.ts';
import { Balancer } from '../balancer.ts';
import type { Life } from './life.ts';
import { poll } from '../poll.ts';

const EVENTS = 30;

/** Each request of a session may come to another node, as behind a balancer that knows nothing of sessions. */
export function fallbackOverNodes(life: Life): void {
  describe('HTTP fallback', () => {
    let balancer: Balancer;
    const clients: ReturnType<typeof openClient8>[] = [];

    beforeEach(async () => {
      balancer = await Balancer.before([life.nodes.port(0), life.nodes.port(1)]);
    });
    afterEach(async () => {
      for (const client of clients.splice(0)) client.disconnect();
      await balancer.close();
    });

    const enter = (user: string, transport: 'xhr_streaming' | 'xhr_polling') => {
      const [host, port] = ['127.0.0.1', String(balancer.port)];
      const rest = new Pusher({ appId: APP.id, key: APP.key, secret: APP.secret, host, port, useTLS: false });
      const client = openClient8({ rest, user, port: balancer.port, transport });
      clients.push(client);
      return client;
    };

    it.each(['xhr_streaming', 'xhr_polling'] as const)(
      'K99, T1, T3, T6, P5: a session over %s hears and says everything in order, whichever nodes it meets',
      async (transport) => {
        const { nodes, room } = life;
        const bob = await nodes.guest(1);
        await bob.join(room, 'bob');
        const ann = enter('ann', transport);
        const channel = (await joined(ann, room)) as unknown as PresenceChannel;
        expect(Object.keys(channel.members.members as object).toSorted()).toEqual(['ann', 'bob']);
        expect(await bob.hears(room)).toBe('added ann');

        const heard: unknown[] = [];
        channel.bind('e', (data: unknown) => heard.push(data));
        const all = Array.from({ length: EVENTS }, (_, number) => number);
        for (const number of all) await nodes.trigger(0, room, String(number));
        await poll(() => heard).toEqual(all);

        // The client sends each in a request of its own, at once; only one after the other has an order to keep.
        for (const number of all) {
          channel.trigger('client-n', { number });
          const said = await bob.client.next((message) => (message as { event: string }).event === 'client-n');
          expect(JSON.parse((said as { data: string }).data)).toEqual({ number });
        }

        const gone = bob.hearsUntil(room, 'removed ann');
        ann.disconnect();
        await gone;
      },
    );

    it('K99, T9, U4: a user is reached on the node that holds the session', async () => {
      const { nodes, news } = life;
      const ann = enter(`ann-${news}`, 'xhr_polling');
      ann.signin();
      await ann.user.signinDonePromise;
      const heard = once(ann.user, 'hello');
      const again = setInterval(() => void nodes.trigger(0, `#server-to-user-ann-${news}`, '"there"', {}, 'hello'), 50);
      expect(await heard).toBe('there');
      clearInterval(again);
    });
  });
}
