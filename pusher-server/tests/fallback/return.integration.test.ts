import { describe, expect, it } from 'vitest';
import { CLIENTS, joined, once } from '../official-clients/clients.ts';
import { Room } from '../official-clients/room.ts';

const ways = (['xhr_streaming', 'xhr_polling'] as const).flatMap((transport) =>
  CLIENTS.map((version) => ({ transport, ...version })),
);

// Side by side: a client that streams waits a quarter of a minute before it tries again.
describe.concurrent.each(ways)('pusher-js $version over $transport', ({ open, transport }) => {
  it('T14, L6: comes back to the next server by itself and has its channels again', async () => {
    const room = await Room.open({ enableSubscriptionCount: true });
    try {
      const channel = await joined(room.enter(open, 'ann', { transport }), 'news');
      const back = once(channel, 'pusher:subscription_succeeded');
      await room.replaceServer();
      await back;
      const heard = once(channel, 'hello');
      await room.rest.trigger('news', 'hello', 'again');
      expect(await heard).toBe('again');
    } finally {
      await room.close();
    }
  });
});
