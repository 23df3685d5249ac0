import { nobody } from '../../bridge/messages.ts';
import { openStore } from '../../loader/store.ts';
import type { Host } from './host.ts';

/**
 * The panel in a tab of its own, where a visitor comes whose page could not show it. Here the page is ours, and so
 * is its storage.
 */
export function createTabHost(business: string): Host {
  const store = openStore(business);
  let begin: (() => void) | undefined;
  return {
    listen(listener) {
      begin = () =>
        listener.init({
          type: 'init',
          business,
          identity: nobody,
          saved: Object.entries(store.get('') ?? {}).map(([key, value]) => ({ key, value })),
          look: { locale: '', theme: 'auto' },
          page: location.href,
          referrer: document.referrer,
          team: 0,
          open: true,
        });
    },
    hello: () => begin?.(),
    tell: ({ type }) => {
      if (type === 'close') window.close();
    },
    put: ({ key, value }) => store.put('', key, value),
  };
}
