import { describe, expect, it } from 'vitest';
import { LEASE_MS, type Nodes } from '../nodes.ts';
import { PLACES, RATE, RATED, SMALL, type Life } from './life.ts';
import { poll } from '../poll.ts';

export function restOverNodes(life: Life): void {
  describe('REST', () => {
    it('K99, H13, H14, H15: either node answers for both', async () => {
      const { nodes, room, news } = life;
      const [ann, bob, plain] = [await nodes.guest(0), await nodes.guest(1), await nodes.guest(1)];
      await ann.join(room, 'ann');
      await bob.join(room, 'bob');
      await plain.join(news);
      const counted = (node: number) => nodes.get(node, `/channels/${news}`, { query: { info: 'subscription_count' } });
      for (const node of [0, 1]) {
        await poll(() => counted(node)).toEqual({ occupied: true, subscription_count: 1 });
        const query = { info: 'user_count', filter_by_prefix: room };
        expect(await nodes.get(node, '/channels', { query })).toEqual({ channels: { [room]: { user_count: 2 } } });
        const { channels } = (await nodes.get(node, '/channels')) as { channels: object };
        expect(Object.keys(channels)).toEqual(expect.arrayContaining([room, news]));
        expect(await life.usersOn(node, room)).toEqual(['ann', 'bob']);
      }
      await plain.goes();
      for (const node of [0, 1]) {
        await poll(() => counted(node)).toEqual({ occupied: false, subscription_count: 0 });
      }
    });

    it('K99, H16: a rate is one for both nodes', async () => {
      const { nodes, news } = life;
      const began = performance.now();
      const body = JSON.stringify({ name: 'e', channel: news, data: 'x' });
      const ask = (node: number) => nodes.rest(node, 'POST', '/events', { body, app: RATED });
      const answers = await Promise.all(Array.from({ length: RATE * 4 }, (_, index) => ask(index % 2)));
      const seconds = Math.ceil((performance.now() - began) / 1_000) + 1;
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
      const taken = answers.filter(({ status }) => status === 200).length;
      // A node may hold a last portion that it did not need.
      expect(taken).toBeGreaterThanOrEqual(RATE * 0.8);
      expect(taken).toBeLessThanOrEqual(RATE * seconds);
    });

    it('K99, H40: an idempotency key is one for both nodes', async () => {
      const { nodes, news } = life;
      const guest = await nodes.guest(1);
      await guest.join(news);
      const post = (node: number, data: string) => nodes.trigger(node, news, data, { idempotency_key: `key-${news}` });
      const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => post(index % 2, 'once')));
      expect(new Set(answers)).toEqual(new Set([200]));
      expect(await post(1, 'once')).toBe(200);
      expect(await post(1, 'other')).toBe(422);
      const last = await life.fence(news);
      expect(await guest.hearsUntil(news, last)).toEqual(['e once', last]);
    });

    it('K99, C5: maxConnections counts both nodes', async () => {
      const { nodes } = life;
      for (let place = 0; place < PLACES; place += 1) await nodes.guest(place % 2, SMALL.key);
      // Nodes tell each other how many they have once a second; whoever gets in meanwhile goes at once.
      for (const node of [0, 1]) {
        await poll(() => tryToEnter(nodes, node), { timeout: LEASE_MS * 2, interval: 50 }).toBe('refused');
      }
    });

    it('K99, H30: the log of webhook attempts is one', async () => {
      const { nodes, news } = life;
      await (await nodes.guest(0)).join(news);
      await nodes.receiver.hears(`channel_occupied ${news}`);
      const id = nodes.receiver.deliveries.find(({ lines }) => lines.includes(`channel_occupied ${news}`))?.id;
      for (const node of [0, 1]) {
        await poll(async () => JSON.stringify(await nodes.get(node, '/webhooks/deliveries'))).toContain(id);
      }
    });
  });
}

async function tryToEnter(nodes: Nodes, node: number): Promise<'came in' | 'refused'> {
  try {
    const guest = await nodes.guest(node, SMALL.key);
    await guest.goes();
    return 'came in';
  } catch {
    // It was told an error in place of the greeting.
    return 'refused';
  }
}
