import { createHash, createHmac } from 'node:crypto';
import { BENCH_APP } from '../bench-app.ts';
import { postRequest, type Wire } from './wire.ts';

/** The Pusher protocol, as any client and any application's server speaks it. */
export const pusherWire: Wire = {
  path: `/app/${BENCH_APP.key}?protocol=7&client=bench&version=1.0.0`,
  subscribe: (channel) => JSON.stringify({ event: 'pusher:subscribe', data: { channel } }),
  trigger: (channel, event, data) => signedPost('events', JSON.stringify({ name: event, channels: [channel], data })),
};

/** Signed here, before anything is measured; a signature is good for ten minutes. Pusher HTTP API, "Authentication". */
function signedPost(call: string, text: string): Buffer {
  const body = Buffer.from(text);
  const path = `/apps/${BENCH_APP.id}/${call}`;
  const query =
    `auth_key=${BENCH_APP.key}&auth_timestamp=${String(Math.floor(Date.now() / 1_000))}&auth_version=1.0` +
    `&body_md5=${createHash('md5').update(body).digest('hex')}`;
  const signature = createHmac('sha256', BENCH_APP.secret).update(`POST\n${path}\n${query}`).digest('hex');
  return postRequest(`${path}?${query}&auth_signature=${signature}`, 'application/json', body);
}
