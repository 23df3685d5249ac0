import { createHash } from 'node:crypto';
import { Cluster } from 'ioredis';
import type { RedisLink } from './redis-link.ts';

/** A Lua text and the name under which Redis keeps it. */
export interface Script {
  readonly sha: string;
  readonly text: string;
}

export function script(text: string): Script {
  return { sha: createHash('sha1').update(text).digest('hex'), text };
}

/**
 * Runs scripts by name, and sends the text where Redis does not know the name. Rejects like every command. All keys of a
 * call lie in one slot.
 */
export class ScriptRunner {
  readonly #link: Pick<RedisLink, 'commands'>;

  constructor(link: Pick<RedisLink, 'commands'>) {
    this.#link = link;
  }

  async run(which: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await this.#link.commands.evalsha(which.sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await this.#link.commands.eval(which.text, keys.length, ...keys, ...args);
    }
  }

  /** Makes scripts known to every master in advance, so that none has to be sent again and is overtaken. */
  async load(scripts: readonly Script[]): Promise<void> {
    const { commands } = this.#link;
    const servers = commands instanceof Cluster ? commands.nodes('master') : [commands];
    await Promise.all(servers.flatMap((server) => scripts.map(({ text }) => server.script('LOAD', text))));
  }
}
