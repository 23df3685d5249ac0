import Pusher from 'pusher-js';
import type { RealtimeAddress } from '../config.ts';

export interface ServerWatch {
  close(): void;
}

/**
 * Holds one connection to the realtime server, to know at once when it comes back: `onConnected` runs at the first
 * connection and after every break.
 */
export function watchRealtimeServer(address: RealtimeAddress & { key: string }, onConnected: () => void): ServerWatch {
  const isTls = address.scheme === 'https';
  const client = new Pusher(address.key, {
    cluster: '',
    wsHost: address.host,
    wsPort: address.port,
    wssPort: address.port,
    forceTLS: isTls,
    enabledTransports: [isTls ? 'wss' : 'ws'],
    disableStats: true,
  });
  client.connection.bind('connected', onConnected);
  // pusher-js goes on trying by itself; whoever sends notices the break.
  return { close: () => client.disconnect() };
}
