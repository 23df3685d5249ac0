import { inject, type InjectionKey } from 'vue';
import type { CallApi } from '../../../../widget/src/calls/call-types.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import type { RealtimeInspection } from '../api/realtime-inspection.ts';
import type { Session } from './session.ts';

/** What `main.ts` made once for the whole page. */
export interface PageContext {
  api: ConsoleApi;
  calls: CallApi;
  /** For super managers alone. */
  realtime: RealtimeInspection;
  session: Session;
  /** Told whether each call was answered. */
  watchReachability(watcher: ((reachable: boolean) => void) | null): void;
}

export const PAGE_CONTEXT: InjectionKey<PageContext> = Symbol('page context');

/** @throws Error when `main.ts` did not provide it */
export function usePageContext(): PageContext {
  const context = inject(PAGE_CONTEXT);
  if (context === undefined) throw new Error('The page was not set up');
  return context;
}
