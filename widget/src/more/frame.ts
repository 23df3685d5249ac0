import { envelope, readToLoader, type ToLoader, type ToPanel } from '../bridge/messages.ts';
import { append, shadowHost } from '../loader/shadow.ts';
import { frameStyles } from './frame-styles.ts';

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

export interface FrameDeps {
  /** The panel's page at the chat server. */
  url: string;
  legacy: boolean;
  side: 'right' | 'left';
  /** It may ask for microphone and camera. */
  media: boolean;
  receive: (message: ToLoader) => void;
}

/** The panel's frame. Messages go to, and are taken from, the chat server's exact origin and this very window. */
export function createFrame({ url, legacy, side, media, receive }: FrameDeps): Frame {
  const { origin } = new URL(url);
  const { host, root } = shadowHost('openkefu-panel', frameStyles(legacy));
  let iframe: HTMLIFrameElement | null = null;
  host.dataset['side'] = side;

  addEventListener('message', (event) => {
    if (!iframe || event.source !== iframe.contentWindow || event.origin !== origin) return;
    const message = readToLoader(event.data);
    if (message) receive(message);
  });

  return {
    host,
    loaded: () => iframe !== null,
    load(title) {
      iframe = append(root, 'iframe', {
        title,
        'data-testid': 'openkefu-panel',
        ...(media ? { allow: 'microphone; camera; autoplay; clipboard-write' } : {}),
        src: url,
      });
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
