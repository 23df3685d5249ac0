import { describe, expect, it } from 'vitest';
import { COUNTING, type Life } from './life.ts';

export function webhooksOverNodes(life: Life): void {
  describe('webhooks', () => {
    it('K99, W2, W4: coming and going on both nodes is told once', async () => {
      const { nodes, room } = life;
      const [ann, again, bob] = [await nodes.guest(0), await nodes.guest(1), await nodes.guest(1)];
      await Promise.all([ann.join(room, 'ann'), again.join(room, 'ann'), bob.join(room, 'bob')]);
      for (const user of ['ann', 'bob']) await nodes.receiver.hears(`member_added ${room} ${user}`);
      await ann.goes();
      await life.webhooksSettled(room, 1);
      const [first, ...members] = nodes.receiver.of(room);
      expect([first, ...members.toSorted()]).toEqual(['channel_occupied', 'member_added ann', 'member_added bob']);
      await Promise.all([again.goes(), bob.goes()]);
      await nodes.receiver.hears(`channel_vacated ${room}`);
      await life.webhooksSettled(room, 0);
      const told = nodes.receiver.of(room).slice(3);
      expect(told.slice(0, 2).toSorted()).toEqual(['member_removed ann', 'member_removed bob']);
      expect(told.slice(2)).toEqual(['channel_vacated']);
    });

    it('K99, W4: a return on the other node within the delay is told to nobody', async () => {
      const { nodes, room } = life;
      let ann = await nodes.guest(0);
      await ann.join(room, 'ann');
      await nodes.receiver.hears(`member_added ${room} ann`);
      for (const node of [1, 0, 1]) {
        await ann.goes();
        ann = await nodes.guest(node);
        await ann.join(room, 'ann');
      }
      await life.webhooksSettled(room, 1);
      expect(nodes.receiver.of(room)).toEqual(['channel_occupied', 'member_added ann']);
    });

    it('K99, W2: what a node alone can state is told once', async () => {
      const { nodes, room, news } = life;
      const ann = await nodes.guest(1);
      await ann.join(room, 'ann');
      ann.client.send({ event: 'client-x', channel: room, data: '1' });
      await nodes.receiver.hears(`client_event ${room} ann`);
      await life.webhooksSettled(room, 0);
      expect(nodes.receiver.of(room)).toEqual(['channel_occupied', 'member_added ann', 'client_event ann']);
      const counted = await nodes.guest(1, COUNTING.key);
      await counted.join(news);
      await nodes.receiver.hears(`subscription_count ${news}`);
    });
  });
}
