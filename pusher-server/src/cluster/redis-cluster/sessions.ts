import { bucketOf } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { Script } from './script.ts';

/** How long a session is believed to be where it was last said to be, and how often that is said again. */
const KEPT_MS = 60_000;
const SAY_AGAIN_MS = 20_000;

/** KEYS: the session. ARGV: node, how long it is believed. Answers 0 when another node has it. */
const CONFIRM = new Script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** KEYS: the session. ARGV: node. */
const END = new Script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`);

/** Which node has which session of the HTTP fallback. */
export class Sessions {
  readonly #link: RedisLink;
  readonly #taken: (id: string) => void;
  readonly #held = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  /** `taken` hears of sessions that another node has opened meanwhile. */
  constructor(link: RedisLink, taken: (id: string) => void) {
    this.#link = link;
    this.#taken = taken;
    this.#timer = setInterval(() => this.#confirmAll(), SAY_AGAIN_MS);
    this.#timer.unref();
    link.on('up', () => this.#confirmAll());
  }

  /** Whoever opened it last has it: a client that lost its session begins it anew wherever it gets to. */
  opened(id: string): Promise<void> | null {
    this.#held.add(id);
    if (!this.#link.isUp) return null;
    return this.#link.commands.set(this.#keyOf(id), this.#link.nodeId, 'PX', KEPT_MS).then(
      () => undefined,
      // It is told again when Redis is back, and until then nobody can ask for it.
      () => undefined,
    );
  }

  closed(id: string): void {
    if (!this.#held.delete(id) || !this.#link.isUp) return;
    // What is not ended here ends by itself.
    END.run(this.#link, [this.#keyOf(id)], [this.#link.nodeId]).catch(() => undefined);
  }

  find(id: string): string | null | Promise<string | null> {
    if (!this.#link.isUp) return null;
    return this.#link.commands.get(this.#keyOf(id)).catch(() => null);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#held.clear();
  }

  #confirmAll(): void {
    if (!this.#link.isUp) return;
    for (const id of this.#held) {
      CONFIRM.run(this.#link, [this.#keyOf(id)], [this.#link.nodeId, KEPT_MS])
        .then((mine) => {
          if (mine === 0 && this.#held.delete(id)) this.#taken(id);
        })
        // Said again in time for the next look.
        .catch(() => undefined);
    }
  }

  #keyOf(id: string): string {
    return this.#link.keys.ofApp(bucketOf('', id), 'h', '', id);
  }
}
