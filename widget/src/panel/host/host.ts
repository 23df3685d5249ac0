import type { Entry, Init, Look, Product, ToLoader } from '../../bridge/messages.ts';

/** The page around the panel: the loader of a site, or nobody when the panel has a tab of its own. */
export interface Host {
  listen(listener: HostListener): void;
  /** Says that the panel runs and wants its `init`. */
  hello(): void;
  tell(message: Exclude<ToLoader, { type: 'hello' | 'put' }>): void;
  put(entry: Entry): void;
}

export interface HostListener {
  init(init: Init): void;
  visible(open: boolean, page: string, focus: boolean): void;
  kept(entry: Entry): void;
  look(look: Look): void;
  compose(text: string, send: boolean): void;
  product(product: Product): void;
}
