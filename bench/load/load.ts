import type { Done } from './messages.ts';

/** A load that is connected and can be run again and again. */
export interface Load {
  /** Makes everything that can be made before, such as signatures, and returns the run itself. */
  plan(): Promise<() => Promise<Done>>;
  close(): void;
}
