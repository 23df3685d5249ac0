import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Guest } from '../guest.ts';
import type { Life } from './life.ts';

const watchlistSchema = z.object({
  event: z.literal('pusher_internal:watchlist_events'),
  data: z.object({ events: z.array(z.object({ name: z.string(), user_ids: z.array(z.string()) })) }),
});

/** The next that a watchlist tells, as `online bob` and `offline cid`. */
async function watchlistOf(guest: Guest): Promise<readonly string[]> {
  const message = await guest.client.next((candidate) => watchlistSchema.safeParse(candidate).success);
  return watchlistSchema.parse(message).data.events.map(({ name, user_ids }) => `${name} ${user_ids.join()}`);
}

export function usersOverNodes(life: Life): void {
  describe('users', () => {
    it('K99, U4: an event to a user reaches their connections on both nodes and nobody else', async () => {
      const { nodes, news } = life;
      const [ann, bob] = [`ann-${news}`, `bob-${news}`];
      const [here, there, other] = [await nodes.guest(0), await nodes.guest(1), await nodes.guest(1)];
      for (const guest of [here, there]) {
        await guest.signIn(ann);
        await guest.join(`#server-to-user-${ann}`);
      }
      await other.signIn(bob);
      await other.join(`#server-to-user-${bob}`);
      await nodes.trigger(0, `#server-to-user-${ann}`, 'for ann');
      await nodes.trigger(0, `#server-to-user-${bob}`, 'for bob');
      for (const guest of [here, there]) expect(await guest.hears(`#server-to-user-${ann}`)).toBe('e for ann');
      expect(await other.hears(`#server-to-user-${bob}`)).toBe('e for bob');
      expect(await other.rest()).toEqual([]);
    });

    it('K99, U5: terminate_connections on one node ends the user’s connections on both, and only those', async () => {
      const { nodes, news } = life;
      const [here, there, other] = [await nodes.guest(0), await nodes.guest(1), await nodes.guest(1)];
      for (const guest of [here, there]) await guest.signIn(`ann-${news}`);
      await other.signIn(`bob-${news}`);
      await nodes.rest(0, 'POST', `/users/ann-${news}/terminate_connections`, { body: '{}' });
      for (const guest of [here, there]) expect((await guest.client.closed).code).toBe(4009);
      expect(await other.rest()).toEqual([]);
    });

    it('K99, U6, U7: who watches hears of the first connection and the last on any node', async () => {
      const { nodes, news } = life;
      const [ann, bob] = [`ann-${news}`, `bob-${news}`];
      const first = await nodes.guest(0);
      await first.signIn(bob);
      const watcher = await nodes.guest(1);
      await watcher.signIn(ann, [bob, `nobody-${news}`]);
      expect(await watchlistOf(watcher)).toEqual([`online ${bob}`, `offline nobody-${news}`]);
      const second = await nodes.guest(1);
      await second.signIn(bob);
      await first.goes();
      await second.goes();
      expect(await watchlistOf(watcher)).toEqual([`offline ${bob}`]);
      await (await nodes.guest(0)).signIn(bob);
      expect(await watchlistOf(watcher)).toEqual([`online ${bob}`]);
    });
  });
}
