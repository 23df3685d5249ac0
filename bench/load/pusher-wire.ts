import { channelAuth, hmacSha256Hex, md5Hex, requestSigningText } from '@openkefu/pusher-server/protocol/signature';
import { BENCH_APP } from '../bench-app.ts';
import { CLIENT_EVENT } from './payload.ts';
import { postRequest, type Member, type Wire } from './wire.ts';

/** The Pusher protocol, as any client and any application's server speaks it. */
export const pusherWire: Wire = {
  path: `/app/${BENCH_APP.key}?protocol=7&client=bench&version=1.0.0`,
  subscribe: (channel, socketId) => {
    const data = channel.startsWith('private-')
      ? { channel, auth: channelAuth(BENCH_APP, socketId, channel) }
      : { channel };
    return JSON.stringify({ event: 'pusher:subscribe', data });
  },
  join,
  joinAgain: join,
  leave: (channel) => JSON.stringify({ event: 'pusher:unsubscribe', data: { channel } }),
  clientEvent: (channel, data) => JSON.stringify({ event: CLIENT_EVENT, channel, data }),
  trigger: (channel, event, data) => signedPost('events', { name: event, channels: [channel], data }),
  batch: (items) =>
    signedPost('batch_events', { batch: items.map(({ channel, event, data }) => ({ name: event, channel, data })) }),
};

function join(channel: string, socketId: string, { userId, userInfo }: Member): string {
  const id = JSON.stringify(userId);
  const member = userInfo === null ? `{"user_id":${id}}` : `{"user_id":${id},"user_info":${userInfo}}`;
  const auth = channelAuth(BENCH_APP, socketId, channel, member);
  return JSON.stringify({ event: 'pusher:subscribe', data: { channel, auth, channel_data: member } });
}

/** Signed here, before anything is measured; a signature is good for ten minutes. Pusher HTTP API, "Authentication". */
function signedPost(call: string, content: object): Buffer {
  const body = JSON.stringify(content);
  const path = `/apps/${BENCH_APP.id}/${call}`;
  const query = new Map([
    ['auth_key', BENCH_APP.key],
    ['auth_timestamp', String(Math.floor(Date.now() / 1_000))],
    ['auth_version', '1.0'],
    ['body_md5', md5Hex(body)],
  ]);
  query.set('auth_signature', hmacSha256Hex(BENCH_APP.secret, requestSigningText('POST', path, query)));
  return postRequest(`${path}?${[...query].map(([name, value]) => `${name}=${value}`).join('&')}`, body);
}
