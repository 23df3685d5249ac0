import { describe, expect, it } from 'vitest';
import { MAX_MEMBERS, type Life } from './life.ts';
import { poll } from '../poll.ts';

export function presenceOverNodes(life: Life): void {
  describe('presence', () => {
    it('K99, P1, P5, P6: one list; each member is told once, with the first and the last socket of any node', async () => {
      const { nodes, room } = life;
      const [ann, bob] = [await nodes.guest(0), await nodes.guest(1)];
      expect(await ann.join(room, 'ann')).toBe('ann');
      expect(await bob.join(room, 'bob')).toBe('ann,bob');
      const again = await nodes.guest(1);
      expect(await again.join(room, 'ann')).toBe('ann,bob');
      await ann.goes();
      const last = await life.fence(room);
      expect(await bob.hearsUntil(room, last)).toEqual([last]);
      again.leave(room);
      expect(await bob.hears(room)).toBe('removed ann');
      const third = await nodes.guest(0);
      expect(await third.join(room, 'ann')).toBe('ann,bob');
      expect(await bob.hears(room)).toBe('added ann');
    });

    it('K99, P5: the first socket’s user_info holds on every node until the last has left', async () => {
      const { nodes, room } = life;
      const infoSeenBy = async (node: number) => {
        const reader = await nodes.guest(node);
        const infos = await reader.joinForInfos(room, `reader-${String(node)}`);
        await reader.goes();
        return infos['ann'];
      };
      const [first, second, third] = [await nodes.guest(0), await nodes.guest(1), await nodes.guest(1)];
      await first.join(room, 'ann', 'first');
      await second.join(room, 'ann', 'second');
      await first.goes();
      for (const node of [0, 1]) expect(await infoSeenBy(node)).toBe('first');
      await second.goes();
      await poll(() => life.usersOn(0, room)).toEqual([]);
      await third.join(room, 'ann', 'third');
      for (const node of [0, 1]) expect(await infoSeenBy(node)).toBe('third');
    });

    it('K99, P7: the limit counts both nodes, and of many who come at once exactly so many get in', async () => {
      const { nodes, room } = life;
      const guests = await Promise.all(Array.from({ length: 12 }, (_, index) => nodes.guest(index % 2)));
      const answers = await Promise.all(guests.map((guest, index) => guest.join(room, `user-${String(index)}`)));
      expect(answers.filter((answer) => answer === 'LimitReached')).toHaveLength(guests.length - MAX_MEMBERS);
      const inside = answers.findIndex((answer) => answer !== 'LimitReached');
      const another = await nodes.guest((inside + 1) % 2);
      expect((await another.join(room, `user-${String(inside)}`)).split(',')).toHaveLength(MAX_MEMBERS);
      for (const node of [0, 1]) await poll(() => life.usersOn(node, room)).toHaveLength(MAX_MEMBERS);
    });

    it('K99, P6: whoever hears others come and go on both nodes has the members in the end, and none twice', async () => {
      const { nodes, room } = life;
      await (await nodes.guest(0)).join(room, 'keeper');
      const watcher = await nodes.guest(1);
      const members = new Set((await watcher.join(room, 'watcher')).split(','));
      const restless = Array.from({ length: 8 }, async (_, index) => {
        for (let round = 0; round < 10; round += 1) {
          const guest = await nodes.guest((index + round) % 2);
          await guest.join(room, `user-${String(index % 2)}`);
          await guest.goes();
        }
      });
      await Promise.all(restless);
      for (const node of [0, 1]) await poll(() => life.usersOn(node, room)).toEqual(['keeper', 'watcher']);
      const last = await life.fence(room);
      for (const line of await watcher.hearsUntil(room, last)) {
        const [change, user = ''] = line.split(' ');
        if (change === 'added') {
          expect(members.has(user), `${user} was added twice`).toBe(false);
          members.add(user);
        }
        if (change === 'removed') expect(members.delete(user), `${user} was removed twice`).toBe(true);
      }
      expect([...members].toSorted()).toEqual(['keeper', 'watcher']);
    });
  });
}
