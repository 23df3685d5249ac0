import { describe, expect, it } from 'vitest';
import { COUNTING, type Life } from './life.ts';

export function eventsOverNodes(life: Life): void {
  describe('events', () => {
    it('K99, H8: go both ways, in the order of their triggers', async () => {
      const { nodes, news } = life;
      const guests = [await nodes.guest(0), await nodes.guest(1)];
      for (const guest of guests) await guest.join(news);
      for (const from of [0, 1]) {
        const numbers = Array.from({ length: 100 }, (_, number) => `e ${String(number)}`);
        for (const line of numbers) await nodes.trigger(from, news, line.slice(2));
        for (const guest of guests) for (const line of numbers) expect(await guest.hears(news)).toBe(line);
      }
    });

    it('K99, H8: one that follows the answer to a subscribe is never missed', async () => {
      const { nodes, news } = life;
      const guest = await nodes.guest(1);
      for (let round = 0; round < 30; round += 1) {
        const channel = `${news}-${String(round)}`;
        await guest.join(channel);
        await nodes.trigger(0, channel, String(round));
        expect(await guest.hears(channel)).toBe(`e ${String(round)}`);
      }
    });

    it('K99, H8: socket_id leaves out a connection of another node, and only that one', async () => {
      const { nodes, news } = life;
      const [left, other] = [await nodes.guest(1), await nodes.guest(1)];
      for (const guest of [left, other]) await guest.join(news);
      await nodes.trigger(0, news, 'x', { socket_id: left.socketId });
      const last = await life.fence(news);
      expect(await left.hearsUntil(news, last)).toEqual([last]);
      expect(await other.hearsUntil(news, last)).toEqual(['e x', last]);
    });

    it('K99, H8, H11: several channels at once, and batches', async () => {
      const { nodes, news } = life;
      const guest = await nodes.guest(1);
      const channels = [`${news}-a`, `${news}-b`, `${news}-c`];
      for (const channel of channels) await guest.join(channel);
      const many = JSON.stringify({ name: 'many', channels, data: 'm' });
      expect((await nodes.rest(0, 'POST', '/events', { body: many })).status).toBe(200);
      const batch = JSON.stringify({ batch: channels.map((channel) => ({ name: 'one', channel, data: channel })) });
      expect((await nodes.rest(0, 'POST', '/batch_events', { body: batch })).status).toBe(200);
      const heard = new Set<string>();
      while (heard.size < 6) {
        const { event, channel } = (await guest.client.next()) as { event: string; channel: string };
        heard.add(`${event} ${channel}`);
      }
      const expected = ['many', 'one'].flatMap((event) => channels.map((channel) => `${event} ${channel}`));
      expect([...heard].toSorted()).toEqual(expected);
    });

    it('K99, E1, E6: client events reach the other node with the sender’s user, and never the sender', async () => {
      const { nodes, room } = life;
      const [ann, bob] = [await nodes.guest(0), await nodes.guest(1)];
      await ann.join(room, 'ann');
      await bob.join(room, 'bob');
      ann.client.send({ event: 'client-typing', channel: room, data: { on: true }, user_id: 'forged' });
      const heard = await bob.client.next((message) => (message as { event: string }).event === 'client-typing');
      expect(heard).toEqual({ event: 'client-typing', channel: room, data: '{"on":true}', user_id: 'ann' });
      const last = await life.fence(room, 1);
      expect(await ann.hearsUntil(room, last)).toEqual(['added bob', last]);
    });

    it('K99, S10: a cache channel’s last event is there on the other node', async () => {
      const { nodes, news } = life;
      const channel = `cache-${news}`;
      const first = await nodes.guest(1);
      await first.join(channel);
      expect(await first.hears(channel)).toMatch(/^pusher:cache_miss/);
      await nodes.receiver.hears(`cache_miss ${channel}`);
      await nodes.trigger(0, channel, 'kept');
      expect(await first.hears(channel)).toBe('e kept');
      for (const node of [0, 1]) {
        const late = await nodes.guest(node);
        await late.join(channel);
        expect(await late.hears(channel)).toBe('e kept');
        const answer = await nodes.get(node, `/channels/${channel}`, { query: { info: 'cache' } });
        expect(answer).toMatchObject({ cache: { data: 'kept' } });
      }
    });

    it('K99, S11: subscription counts count both nodes, and are told on both', async () => {
      const { nodes, news } = life;
      const ann = await nodes.guest(0, COUNTING.key);
      await ann.join(news);
      expect(await ann.hears(news)).toBe('count 1');
      const bob = await nodes.guest(1, COUNTING.key);
      await bob.join(news);
      for (const guest of [ann, bob]) await guest.hearsUntil(news, 'count 2');
      await bob.goes();
      expect(await ann.hears(news)).toBe('count 1');
    });
  });
}
