import { createHash } from 'node:crypto';
import { Cluster } from 'ioredis';
import type { RedisLink } from './redis-link.ts';

/** What scripts run on. */
type Commands = Pick<RedisLink, 'commands'>;

/** A Lua script, sent by the name under which Redis keeps it and, where Redis does not know it yet, as its text. */
export class Script {
  readonly #text: string;
  readonly #sha: string;

  constructor(text: string) {
    this.#text = text;
    this.#sha = createHash('sha1').update(text).digest('hex');
  }

  /** Rejects like every command. All keys of a call lie in one slot. */
  async run(link: Commands, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await link.commands.evalsha(this.#sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await link.commands.eval(this.#text, keys.length, ...keys, ...args);
    }
  }

  /** Makes it known to every master in advance, so that it has not to be sent again and is overtaken. */
  async load({ commands }: Commands): Promise<void> {
    const servers = commands instanceof Cluster ? commands.nodes('master') : [commands];
    await Promise.all(servers.map((server) => server.script('LOAD', this.#text)));
  }
}
