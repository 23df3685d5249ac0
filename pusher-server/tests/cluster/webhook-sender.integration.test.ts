import { describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { subscribeFrame } from '../frames.ts';
import { webhooksSettled } from './life/life.ts';
import { BUSY_TEST_MS, LEASE_MS } from './nodes.ts';
import { onNodes } from './on-nodes.ts';
import { poll } from './poll.ts';

const TAKEN_OVER_WITHIN_MS = LEASE_MS * 2 + 3_000;

describe.skipIf(redisIsMissing)('the sender of a webhook dies', { concurrent: true, timeout: BUSY_TEST_MS }, () => {
  it('K91, W7: between the request and its acknowledgement: the same body comes once more, under the same id', () =>
    onNodes({}, async (nodes) => {
      const { receiver } = nodes;
      // Each node in turn is asked to die until one dies while it waits for an answer.
      const guest = await nodes.guest(1);
      receiver.hold();
      const names = Array.from({ length: 16 }, (_, index) => `news-${String(index)}`);
      for (const name of names) await guest.join(name);
      await receiver.until(() => receiver.deliveries.length >= 2);
      const before = [...receiver.deliveries];
      await nodes.process(0).kill9();
      await receiver.until(() => before.some(({ socket }) => socket.destroyed));
      const unanswered = before.filter(({ socket }) => socket.destroyed);
      receiver.release();

      await poll(() => receiver.repetitions.map(({ id }) => id), {
        timeout: TAKEN_OVER_WITHIN_MS,
        interval: 20,
      }).toEqual(unanswered.map(({ id }) => id));
      await Promise.all(names.map((name) => receiver.hears(`channel_occupied ${name}`)));
      for (const name of names) await webhooksSettled(nodes, name, 1);
      expect(receiver.lines.filter((line) => line.startsWith('channel_occupied news-'))).toHaveLength(names.length);
      expect(receiver.repetitions).toHaveLength(unanswered.length);
      expect(receiver.faults).toEqual([]);
    }));

  it('K91: before it has sent: the other sends all, once', () =>
    onNodes({}, async (nodes) => {
      const { receiver } = nodes;
      const guest = await nodes.guest(1);
      const names = Array.from({ length: 40 }, (_, index) => `news-${String(index)}`);
      for (const name of names) guest.client.send(subscribeFrame(guest.socketId, name));
      await receiver.until(() => receiver.deliveries.length > 0);
      await nodes.process(0).kill9();
      await Promise.all(names.map((name) => receiver.hears(`channel_occupied ${name}`)));
      for (const name of names.slice(0, 8)) await webhooksSettled(nodes, name, 1);
      expect(receiver.lines.filter((line) => line.startsWith('channel_occupied news-')).toSorted()).toEqual(
        names.map((name) => `channel_occupied ${name}`).toSorted(),
      );
    }));
});
