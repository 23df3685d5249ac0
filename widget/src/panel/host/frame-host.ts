import { envelope, readToPanel, type ToLoader } from '../../bridge/messages.ts';
import type { Host, HostListener } from './host.ts';

/**
 * The loader of the page that shows this frame.
 * @param origin that page's exact origin, which it named in our URL; if it lied, our messages reach nobody
 */
export function createFrameHost(origin: string): Host {
  const post = (message: ToLoader) => window.parent.postMessage(envelope(message), origin);
  return {
    listen(listener) {
      window.addEventListener('message', (event) => {
        if (event.source === window.parent && event.origin === origin) dispatch(listener, event.data);
      });
    },
    hello: () => post({ type: 'hello' }),
    tell: post,
    put: (entry) => post({ type: 'put', ...entry }),
  };
}

function dispatch(listener: HostListener, data: unknown): void {
  const message = readToPanel(data);
  switch (message?.type) {
    case 'init':
      return listener.init(message);
    case 'visible':
      return listener.visible(message.open, message.page, message.focus);
    case 'kept':
      return listener.kept({ key: message.key, value: message.value });
    case 'look':
      return listener.look(message);
    case 'compose':
      return listener.compose(message.text, message.send);
    case 'product': {
      const { type: _type, ...product } = message;
      return listener.product(product);
    }
    case undefined:
      return;
    default:
      return message satisfies never;
  }
}
