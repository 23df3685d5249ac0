import Pusher from 'pusher-js';
import { eventually, type HttpCaller } from './http-calls.ts';
import type { Stack } from './stack.ts';

/** Events of a channel, oldest first, as `[event, data]`; grows while one listens. */
export type Heard = [string, unknown][];

/** Listens to a channel of the stack's app as whoever makes these calls. */
export async function listenTo(
  { app, pusher: { port } }: Pick<Stack, 'app' | 'pusher'>,
  calls: HttpCaller,
  channelName: string,
): Promise<{ heard: Heard; stop: () => void }> {
  const pusher = new Pusher(app.key, {
    cluster: '',
    wsHost: '127.0.0.1',
    wsPort: port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '/pusher/auth',
      customHandler: ({ socketId, channelName: name }, done) => {
        void calls
          .form<{ auth: string }>('/pusher/auth', { socket_id: socketId, channel_name: name })
          .then(({ body }) => done(null, body));
      },
    },
  });
  const heard: Heard = [];
  const channel = pusher.subscribe(channelName);
  channel.bind_global((name: string, data: unknown) => heard.push([name, data]));
  await eventually(
    () => Promise.resolve(channel.subscribed),
    (subscribed) => subscribed,
  );
  return { heard, stop: () => pusher.disconnect() };
}
