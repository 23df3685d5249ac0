/** What a site can listen to, by `OpenKefu('on', name, handler)` or as DOM events `kefu:<name>` on window. */
export interface SiteEvents {
  ready: Record<never, never>;
  open: Record<never, never>;
  close: Record<never, never>;
  unread: { count: number };
  /** `assigned`, `waiting`, `offline`, `blocked`. */
  status: { state: string };
  assigned: { name: string };
  queue: { place: number };
  /** `in` from an agent, `out` from this visitor. */
  message: { direction: string; seq: number };
  /** 1–5, by the visitor. */
  rated: { score: number };
  error: { code: string };
}

type Handler = (detail: unknown) => void;

export interface Emitter {
  on(name: string, handler: unknown): void;
  /** Without a handler: all of that name. */
  off(name: string, handler: unknown): void;
  emit<Name extends keyof SiteEvents>(name: Name, detail: SiteEvents[Name]): void;
}

export function createEmitter(): Emitter {
  let handlers: { name: string; handler: Handler }[] = [];
  return {
    on(name, handler) {
      if (typeof handler === 'function') handlers.push({ name, handler: handler as Handler });
    },
    off(name, handler) {
      handlers = handlers.filter((known) => known.name !== name || (handler && known.handler !== handler));
    },
    emit(name, detail) {
      for (const known of handlers) {
        // Each on its own: a site's broken handler is the site's to see, and stops nothing here.
        if (known.name === name) queueMicrotask(() => known.handler(detail));
      }
      dispatchEvent(new CustomEvent(`kefu:${name}`, { detail }));
    },
  };
}
