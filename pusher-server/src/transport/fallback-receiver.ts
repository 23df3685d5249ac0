/** An open response of the HTTP fallback that a session's lines go into. */
export interface FallbackReceiver {
  /** A `streaming` response takes many writes, a `polling` one is finished by the first text. */
  readonly mode: 'streaming' | 'polling';
  /** Answers whether the client keeps up; when it does not, `writable` is called once it has caught up. */
  write(text: string): boolean;
  /** The last text; nothing may be called after it. A client that `leaves` asks again over another connection. */
  finish(text: string, leaves?: boolean): void;
  /** Breaks the response off, so that its client takes it for unfinished; nothing may be called after it. */
  abort(): void;
}

/** What a receiver tells of itself until it is finished. */
export interface ReceiverEvents {
  /** The client reads again. Something must be written now, or what the vendor holds stays there. */
  writable(): void;
  /** The client, or something on the way to it, has ended the request. */
  gone(): void;
}
