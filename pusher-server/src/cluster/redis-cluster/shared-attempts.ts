import { z } from 'zod';
import { AttemptLog, KEPT_ATTEMPTS } from '../attempt-log.ts';
import type { WebhookAttempt } from '../cluster.ts';
import { bucketOf } from './keys.ts';
import type { RedisLink } from './redis-link.ts';

/** The log of an app that is not used any more goes away by itself. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** Attempts that wait for Redis's return, of all apps together. */
const MAX_UNTOLD = 1_000;

const attemptSchema: z.ZodType<WebhookAttempt> = z.object({
  time: z.number(),
  url: z.string(),
  deliveryId: z.string(),
  attempt: z.number(),
  durationMs: z.number(),
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('answered'), status: z.number() }),
    z.object({ kind: z.literal('failed'), error: z.string() }),
  ]),
  eventCount: z.number(),
  eventNames: z.array(z.string()),
});

/** The last webhook attempts of each app, made by whichever node. Without Redis: those that this node made. */
export class SharedAttempts {
  readonly #link: RedisLink;
  readonly #own = new AttemptLog();
  #untold: (readonly [appId: string, attempt: WebhookAttempt])[] = [];

  constructor(link: RedisLink) {
    this.#link = link;
    link.on('up', () => {
      for (const [appId, attempt] of this.#untold.splice(0)) this.#tell(appId, attempt);
    });
  }

  add(appId: string, attempt: WebhookAttempt): void {
    this.#own.add(appId, attempt);
    this.#tell(appId, attempt);
  }

  /** The newest first. */
  async newest(appId: string, limit: number): Promise<readonly WebhookAttempt[]> {
    if (!this.#link.isUp) return this.#own.newest(appId, limit);
    try {
      // All of them, since one that came late from a node stands above newer ones.
      const texts = await this.#link.commands.lrange(this.#keyOf(appId), 0, KEPT_ATTEMPTS - 1);
      const attempts = texts.flatMap(decode).sort((a, b) => b.time - a.time);
      return attempts.slice(0, limit);
    } catch {
      return this.#own.newest(appId, limit);
    }
  }

  #tell(appId: string, attempt: WebhookAttempt): void {
    if (!this.#link.isUp) {
      this.#keep(appId, attempt);
      return;
    }
    const { commands } = this.#link;
    const key = this.#keyOf(appId);
    Promise.all([
      commands.lpush(key, JSON.stringify(attempt)),
      commands.ltrim(key, 0, KEPT_ATTEMPTS - 1),
      commands.pexpire(key, KEPT_MS),
    ]).catch(() => this.#keep(appId, attempt));
  }

  #keep(appId: string, attempt: WebhookAttempt): void {
    this.#untold.push([appId, attempt]);
    if (this.#untold.length > MAX_UNTOLD) this.#untold.shift();
  }

  #keyOf(appId: string): string {
    return this.#link.keys.ofApp(bucketOf(appId, 'attempts'), 'w', appId, '');
  }
}

function decode(text: string): readonly WebhookAttempt[] {
  try {
    const { success, data } = attemptSchema.safeParse(JSON.parse(text));
    return success ? [data] : [];
  } catch {
    return [];
  }
}
