import type { WebhookAttempt } from './cluster.ts';

/** How many attempts of an app are remembered. SPEC.md W9. */
export const KEPT_ATTEMPTS = 1_000;

/** The last webhook attempts of each app. */
export class AttemptLog {
  readonly #apps = new Map<string, WebhookAttempt[]>();

  add(appId: string, attempt: WebhookAttempt): void {
    const attempts = this.#apps.get(appId) ?? [];
    this.#apps.set(appId, attempts);
    attempts.push(attempt);
    // Let go of in portions: shifting a thousand entries for each new one would cost more than the entry.
    if (attempts.length >= KEPT_ATTEMPTS * 2) attempts.splice(0, attempts.length - KEPT_ATTEMPTS);
  }

  /** The newest first. */
  newest(appId: string, limit: number): readonly WebhookAttempt[] {
    return (this.#apps.get(appId) ?? []).slice(-Math.min(limit, KEPT_ATTEMPTS)).reverse();
  }
}
