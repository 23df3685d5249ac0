import { readLike } from './read-like.ts';

/**
 * What the loader (on the host page) and the panel (in its frame) say to each other. Both ends post with the other's
 * exact origin, and take only messages from that window and that origin which are like these samples.
 */

/** Who the site says that the visitor is; empty = not said. `hash` proves `id`. */
export const nobody = { id: '', name: '', email: '', phone: '', avatar: '', hash: '' };
/** One entry of what the host page's storage keeps for the panel; an empty value removes it. */
const entry = { key: '', value: '' };
/** `locale` is a language tag or empty; `theme` is light, dark or auto. */
const look = { locale: '', theme: '' };

const toPanel = {
  /** The answer to every `hello`, and again when the visitor changes: begin anew with this. */
  init: { business: '', identity: nobody, saved: [entry], look, page: '', referrer: '', team: 0, open: false },
  /** `focus`: the visitor opened it here, and writes next; else another tab or page did. */
  visible: { open: false, page: '', focus: false },
  /** Another tab changed what is kept. */
  kept: entry,
  look,
  /** Text for the composer, sent at once or only written. */
  compose: { text: '', send: false },
  /** The article that the visitor looks at, offered to be sent as a card. All empty: none any more. */
  product: { pid: '', url: '', image: '', title: '', info: '', price: '' },
};

const toLoader = {
  /** The panel's code runs and wants its `init`. */
  hello: {},
  /** It has drawn itself and can be shown. */
  ready: {},
  close: {},
  /** An agent calls the visitor: they are to see it. */
  called: {},
  /** To be kept in the host page's storage: the panel itself stores nothing. */
  put: entry,
  /** For the site's own handlers. No message text crosses to the host page. */
  unread: { count: 0 },
  status: { state: '' },
  assigned: { name: '' },
  queue: { place: 0 },
  message: { direction: '', seq: 0 },
  rated: { score: 0 },
  error: { code: '' },
};

type Messages<T> = { [Type in keyof T]: { type: Type } & T[Type] }[keyof T];

export type Identity = typeof nobody;
export type Entry = typeof entry;
export type Look = typeof look;
export type ToPanel = Messages<typeof toPanel>;
export type ToLoader = Messages<typeof toLoader>;
export type Product = Omit<Extract<ToPanel, { type: 'product' }>, 'type'>;
export type Init = Extract<ToPanel, { type: 'init' }>;

/** Tells our messages from everybody else's on the same window; the number is the bridge's version. */
const MARK = 'openkefu:1';

/** What is handed to `postMessage`. */
export function envelope(message: ToPanel | ToLoader): object {
  return { ...message, bridge: MARK };
}

/** @returns null for anything that is not a whole message to the panel */
export function readToPanel(data: unknown): ToPanel | null {
  return read<ToPanel>(toPanel, data);
}

/** @returns null for anything that is not a whole message to the loader */
export function readToLoader(data: unknown): ToLoader | null {
  return read<ToLoader>(toLoader, data);
}

function read<Message>(samples: object, data: unknown): Message | null {
  const head = readLike({ bridge: '', type: '' }, data);
  const sample =
    head?.bridge === MARK && (Object.entries(samples) as [string, object][]).find(([type]) => type === head.type);
  const fields = sample && readLike(sample[1], data);
  return fields ? ({ ...fields, type: head.type } as Message) : null;
}
