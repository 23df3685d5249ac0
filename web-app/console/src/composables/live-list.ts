import { shallowRef, type ShallowRef } from 'vue';
import { createTimers } from '../api/timers.ts';
import { coalesce } from './coalesce.ts';
import { errorCode } from './error-words.ts';

/** Something that is read again every few seconds, and whenever it is said to be old. What was read stays while a later reading fails. */
export interface LiveList<Page> {
  /** Null until it was read for the first time. */
  readonly page: Readonly<ShallowRef<Page | null>>;
  /** Why the last reading failed; null when it did not. */
  readonly problem: Readonly<ShallowRef<string | null>>;
  /** Reads again soon; storms of calls read once. */
  refresh(): void;
  /** Reads again at once, as somebody asked for it. */
  retry(): void;
  close(): void;
}

const EVERY_MS = 5_000;
const SPACING_MS = 700;

export function createLiveList<Page>(read: () => Promise<Page>): LiveList<Page> {
  const page = shallowRef<Page | null>(null) as ShallowRef<Page | null>;
  const problem = shallowRef<string | null>(null);
  const timers = createTimers();
  const reading = coalesce(
    async () => {
      page.value = await read();
      problem.value = null;
    },
    { spacingMs: SPACING_MS, onFailure: (error) => void (problem.value = errorCode(error)) },
  );
  timers.every(EVERY_MS, () => void reading.request());
  void reading.request();
  return {
    page,
    problem,
    refresh() {
      void reading.request();
    },
    retry() {
      reading.hurry();
      void reading.request();
    },
    close() {
      timers.close();
      reading.close();
    },
  };
}
