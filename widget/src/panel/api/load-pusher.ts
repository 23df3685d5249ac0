import type Pusher from 'pusher-js';

/** The official client; the larger build that also decrypts only where channels are encrypted. */
export async function loadPusher(encrypted: boolean): Promise<typeof Pusher> {
  const { default: client } = encrypted ? await import('pusher-js/with-encryption') : await import('pusher-js');
  // It would remember its transport in storage of ours, and we keep none in other people's pages.
  client.Runtime.getLocalStorage = () => undefined;
  return client;
}
