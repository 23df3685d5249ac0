import type { IconName } from '../components/icon/icon-paths.ts';

export interface MenuItem<Key extends string = string> {
  key: Key;
  label: string;
  icon: IconName;
  /** What it does cannot be taken back lightly. */
  danger?: boolean;
  /** An address to download from, in place of something to do. */
  download?: string;
}
