import { shallowRef, type ShallowRef } from 'vue';
import type { ApiCounts, ApiMe } from '../../../src/front-doors/console-api/wire.ts';
import type { Availability, ConsoleApi } from '../api/console-api.ts';
import { coalesce } from './coalesce.ts';

/** What the agent is shown of itself and of the line: availability, load, counts. */
export interface OwnState {
  readonly me: Readonly<ShallowRef<ApiMe>>;
  /** Null until it was read for the first time. */
  readonly counts: Readonly<ShallowRef<ApiCounts | null>>;
  /** Reads both again. Resolves when done. */
  refresh(): Promise<void>;
  refreshCounts(): Promise<void>;
  /** @throws ApiError */
  setStatus(status: Availability): Promise<void>;
  /** From an event: this agent's availability changed, perhaps in another tab. */
  applyStatus(status: Availability, online: boolean): void;
  hurry(): void;
  close(): void;
}

/** Storms of events read the two at most so often. */
const SPACING_MS = 250;

export function createOwnState(api: Pick<ConsoleApi, 'me' | 'counts' | 'setStatus'>, first: ApiMe): OwnState {
  const me = shallowRef(first);
  const counts = shallowRef<ApiCounts | null>(null);
  const options = { spacingMs: SPACING_MS };
  const meReading = coalesce(async () => void (me.value = await api.me()), options);
  const counting = coalesce(async () => void (counts.value = await api.counts()), options);

  return {
    me,
    counts,
    async refresh() {
      await Promise.all([meReading.request(), counting.request()]);
    },
    refreshCounts: () => counting.request(),
    async setStatus(status) {
      me.value = await api.setStatus(status);
    },
    applyStatus(status, online) {
      me.value = { ...me.value, status, online };
    },
    hurry() {
      meReading.hurry();
      counting.hurry();
    },
    close() {
      meReading.close();
      counting.close();
    },
  };
}
