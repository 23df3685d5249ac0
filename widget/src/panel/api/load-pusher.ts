import type Pusher from 'pusher-js';

/**
 * The official client; the larger build that also decrypts only where channels are encrypted. Its builds for workers
 * speak WebSocket and fetch alone, which is all that the panel uses, and remember nothing in storage.
 */
export async function loadPusher(encrypted: boolean): Promise<typeof Pusher> {
  const { default: client } = encrypted
    ? await import('pusher-js/worker/with-encryption')
    : await import('pusher-js/worker');
  return client;
}
