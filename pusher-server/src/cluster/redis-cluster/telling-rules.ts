import type { ClusterListener, Fact } from '../cluster.ts';
import type { Telling } from './bucket-scripts.ts';

export type TellingListener = Pick<ClusterListener, 'wants' | 'countsSubscriptions'>;

/** What Redis has to write down for an app's webhooks, which this node knows and Redis does not. */
export class TellingRules {
  readonly #listener: TellingListener;
  readonly #delayMs: number;

  constructor(listener: TellingListener, delayMs: number) {
    this.#listener = listener;
    this.#delayMs = delayMs;
  }

  telling(appId: string): Telling {
    return {
      tracksChannel: this.#wantsOne(appId, 'channel_occupied', 'channel_vacated'),
      tracksMembers: this.#wantsOne(appId, 'member_added', 'member_removed'),
      delayMs: this.#delayMs,
    };
  }

  /** Whether a channel tells how many subscriptions it has, and whether webhooks hear of it too. */
  counting(appId: string, name: string): { readonly counts: boolean; readonly countsFact: boolean } {
    const counts = !name.startsWith('presence-') && this.#listener.countsSubscriptions(appId);
    return { counts, countsFact: counts && this.#listener.wants(appId, 'subscription_count') };
  }

  #wantsOne(appId: string, came: Fact['kind'], left: Fact['kind']): boolean {
    return this.#listener.wants(appId, came) || this.#listener.wants(appId, left);
  }
}
