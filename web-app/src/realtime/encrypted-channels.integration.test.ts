import Pusher from 'pusher-js';
import { afterEach, expect, it } from 'vitest';
import { startPusherServer } from '../../../test-support/pusher-server.ts';
import { openWiretap } from '../../../test-support/wiretap.ts';
import { createRealtimeServer } from './realtime-server.ts';

const closing: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const close of closing.reverse().splice(0)) await close();
});

it('an encrypted channel: pusher-js reads what was sent, and nothing on the way does', async () => {
  const pusher = await startPusherServer();
  closing.push(() => pusher.stop());
  const tap = await openWiretap(pusher.port);
  closing.push(() => tap.close());
  const server = createRealtimeServer({
    appId: pusher.app.id,
    key: pusher.app.key,
    secret: pusher.app.secret,
    host: '127.0.0.1',
    port: tap.port,
    scheme: 'http',
    encryptionMasterKeyBase64: Buffer.alloc(32, 9).toString('base64'),
  });
  closing.push(() => server.close());
  const client = new Pusher(pusher.app.key, {
    cluster: '',
    wsHost: '127.0.0.1',
    wsPort: pusher.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '',
      customHandler: ({ socketId, channelName }, callback) =>
        callback(null, server.authorizeChannel(socketId, channelName)),
    },
  });
  closing.push(() => client.disconnect());
  const channel = client.subscribe('private-encrypted-kefu5');
  await new Promise((resolve) => channel.bind('pusher:subscription_succeeded', resolve));
  const heard = new Promise((resolve) => channel.bind('cu-event', resolve));

  const data = { message: { body: '一句悄悄话 secret words' } };
  expect(await server.send([{ channel: 'private-encrypted-kefu5', name: 'cu-event', data }])).toEqual({ kind: 'sent' });
  expect(await heard).toEqual(data);
  expect(tap.overheard()).toContain('ciphertext');
  expect(tap.overheard()).not.toContain('secret words');
});
