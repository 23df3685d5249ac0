/** What a site can listen to, by `OpenKefu('on', name, handler)` or as DOM events `kefu:<name>` on window. */
export interface SiteEvents {
  ready: Record<never, never>;
  open: Record<never, never>;
  close: Record<never, never>;
  unread: { count: number };
  /** `assigned`, `waiting`, `offline`, `blocked`, `idle`. */
  status: { state: string };
  /** Empty: nobody any more. */
  assigned: { name: string };
  /** 0: not in line (any more). */
  queue: { place: number };
  /** `in` from an agent, `out` from this visitor. */
  message: { direction: string; seq: number };
  /** 1–5, by the visitor. */
  rated: { score: number };
  error: { code: string };
}

const NAMES = /^(ready|open|close|unread|status|assigned|queue|message|rated|error)$/;

type Handler = (detail: unknown) => void;

export interface Emitter {
  on(name: string, handler: unknown): void;
  /** Without a handler: all of that name. */
  off(name: string, handler: unknown): void;
  emit<Name extends keyof SiteEvents>(name: Name, detail: SiteEvents[Name]): void;
  /** The site called us in a way that cannot be carried out: said to its developer, and told as an event. */
  refuse(code: string, why: string): void;
}

export function createEmitter(): Emitter {
  let handlers: { name: string; handler: Handler }[] = [];

  function emit<Name extends keyof SiteEvents>(name: Name, detail: SiteEvents[Name]): void {
    for (const known of handlers) {
      // Each on its own: a site's broken handler is the site's to see, and stops nothing here.
      if (known.name === name) queueMicrotask(() => known.handler(detail));
    }
    dispatchEvent(new CustomEvent(`kefu:${name}`, { detail }));
  }

  function refuse(code: string, why: string): void {
    console.error(`OpenKefu: ${why}`);
    emit('error', { code });
  }

  return {
    on(name, handler) {
      if (NAMES.test(name) && typeof handler === 'function') handlers.push({ name, handler: handler as Handler });
      else refuse('bad_argument', `on('${name}', handler) takes the name of an event and a function`);
    },
    off(name, handler) {
      handlers = handlers.filter((known) => known.name !== name || (handler && known.handler !== handler));
    },
    emit,
    refuse,
  };
}
