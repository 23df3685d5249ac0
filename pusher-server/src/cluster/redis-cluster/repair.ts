import type { BucketScripts, Caller } from './bucket-scripts.ts';
import { BUCKETS } from './keys.ts';
import type { LedgerItem } from './ledger-item.ts';
import type { RedisLink } from './redis-link.ts';
import { Script } from './script.ts';
import { DROPPED } from './scripts/caller.ts';
import { BURY } from './scripts/lease.ts';
import type { TellingRules } from './telling-rules.ts';

export interface RepairOptions {
  readonly link: RedisLink;
  readonly scripts: Pick<BucketScripts, 'fence' | 'applyChannel' | 'applyMember' | 'applyUser'>;
  readonly rules: TellingRules;
}

/** Buckets whose share is taken away at the same time. */
const STEP = 32;
/** How long a repairer that has stopped in the middle keeps others from going on. */
const LOCK_MS = 2_000;
const BURY_SCRIPT = new Script(BURY);

/**
 * Takes away what a dead node still holds, exactly as if each of its sockets had left. Doing it twice, or two doing it
 * at once, is harmless; the lock only saves work.
 */
export class Repair {
  readonly #options: RepairOptions;
  readonly #underWay = new Set<string>();

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  /** Rejects when Redis cannot be reached; whoever looks next goes on. */
  async takeAway(dead: string): Promise<void> {
    if (this.#underWay.has(dead)) return;
    this.#underWay.add(dead);
    try {
      const { link } = this.#options;
      const lock = link.keys.ofNodes(`repair:${dead}`);
      const locked = await link.commands.set(lock, link.nodeId, 'PX', LOCK_MS, 'NX');
      if (locked === null) return;
      for (let first = 0; first < BUCKETS; first += STEP) {
        await link.commands.pexpire(lock, LOCK_MS);
        // It may have come back: what it tells from now on is its own again.
        if (!(await this.#isExpired(dead))) return;
        await this.#dropStep(dead, first);
      }
      await BURY_SCRIPT.run(link, [link.keys.nodes], [dead]);
      await link.commands.del(lock);
    } finally {
      this.#underWay.delete(dead);
    }
  }

  /** Gives back everything that this node holds, before it goes. */
  async giveBack(): Promise<void> {
    for (let first = 0; first < BUCKETS; first += STEP) await this.#dropStep(this.#options.link.nodeId, first);
  }

  async #isExpired(node: string): Promise<boolean> {
    const { commands, keys } = this.#options.link;
    const [ends, time] = await Promise.all([commands.zscore(keys.nodes, node), commands.time()]);
    const [seconds, microseconds] = time.map(Number);
    return ends !== null && Number(ends) < (seconds ?? 0) * 1_000 + (microseconds ?? 0) / 1_000;
  }

  async #dropStep(node: string, first: number): Promise<void> {
    await Promise.all(Array.from({ length: STEP }, (_, index) => this.#dropShare(first + index, node)));
  }

  /** A bucket's ledger is answered in portions; what was taken away is no longer in it. */
  async #dropShare(bucket: number, node: string): Promise<void> {
    for (;;) {
      const { epoch, items } = await this.#options.scripts.fence(bucket, node);
      if (items.length === 0) return;
      const caller: Caller = { node, generation: DROPPED, epoch, number: 0 };
      // Members before their channel; all in one pipeline.
      const ordered = [
        ...items.filter(({ kind }) => kind !== 'channel'),
        ...items.filter(({ kind }) => kind === 'channel'),
      ];
      const answers = await Promise.all(ordered.map((item) => this.#takeItem(bucket, caller, item)));
      // The node has come back, or the bucket was lost: there is nothing to be taken away.
      if (answers.some((kind) => kind !== 'applied')) return;
    }
  }

  async #takeItem(bucket: number, caller: Caller, item: LedgerItem): Promise<string> {
    const { scripts, rules } = this.#options;
    const { kind, appId, name } = item;
    const userId = item.userId ?? '';
    const gone = { appId, name, sockets: 0, was: false };
    switch (kind) {
      case 'channel':
        return (
          await scripts.applyChannel(bucket, caller, { ...gone, ...rules.counting(appId, name) }, rules.telling(appId))
        ).kind;
      case 'member': {
        const nobody = { userId, userInfo: null, channelSockets: 0, maxMembers: Infinity, wasChannel: false };
        return (await scripts.applyMember(bucket, caller, { ...gone, ...nobody }, rules.telling(appId))).kind;
      }
      case 'user':
        return (await scripts.applyUser(bucket, caller, { appId, userId, connections: 0 })).kind;
    }
  }
}
