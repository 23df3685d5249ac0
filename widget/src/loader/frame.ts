import { envelope, readToLoader, type ToLoader, type ToPanel } from '../bridge/messages.ts';
import { frameStyles } from './frame-styles.ts';
import { append, shadowHost } from './shadow.ts';

export interface Frame {
  readonly host: HTMLElement;
  /** False until `load`, and again after `unload`. */
  loaded(): boolean;
  load(title: string): void;
  unload(): void;
  /** Only what an open panel should cover is covered: hidden means not displayed. */
  show(visible: boolean): void;
  post(message: ToPanel): void;
  focus(): void;
}

/**
 * The panel's frame. Messages go to, and are taken from, the chat server's exact origin and this very window.
 * @param url the panel's page at the chat server
 */
export function createFrame(url: string, legacy: boolean, receive: (message: ToLoader) => void): Frame {
  const { origin } = new URL(url);
  const { host, root } = shadowHost('openkefu-panel', frameStyles(legacy));
  let iframe: HTMLIFrameElement | null = null;

  addEventListener('message', (event) => {
    if (!iframe || event.source !== iframe.contentWindow || event.origin !== origin) return;
    const message = readToLoader(event.data);
    if (message) receive(message);
  });

  return {
    host,
    loaded: () => iframe !== null,
    load(title) {
      iframe = append(root, 'iframe', { src: url, title, 'data-testid': 'openkefu-panel' });
    },
    unload() {
      iframe?.remove();
      iframe = null;
    },
    show: (visible) => host.toggleAttribute('data-open', visible),
    post: (message) => iframe?.contentWindow?.postMessage(envelope(message), origin),
    focus: () => iframe?.focus(),
  };
}
