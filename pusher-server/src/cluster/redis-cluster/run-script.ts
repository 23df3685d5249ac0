import { createHash } from 'node:crypto';
import type { RedisLink } from './redis-link.ts';

/** A Lua script, sent by its SHA and, to a server that does not know it yet, as its text. */
export class Script {
  readonly #text: string;
  readonly #sha: string;

  constructor(text: string) {
    this.#text = text;
    this.#sha = createHash('sha1').update(text).digest('hex');
  }

  /** Rejects when Redis does. All keys have to lie in one slot. */
  async run(link: RedisLink, keys: readonly string[], words: readonly (string | number)[]): Promise<unknown> {
    try {
      return await link.commands.evalsha(this.#sha, keys.length, ...keys, ...words);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return link.commands.eval(this.#text, keys.length, ...keys, ...words);
    }
  }
}
