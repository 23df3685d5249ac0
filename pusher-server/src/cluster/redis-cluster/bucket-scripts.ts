import type {
  BucketRoster,
  Caller,
  ChannelApplied,
  ChannelShare,
  Entered,
  MemberApplied,
  MemberShare,
  OccupancyChange,
  Refused,
  Telling,
  UserApplied,
} from './bucket-calls.ts';
import { userChannel } from './keys.ts';
import { readItem, userItem, type LedgerItem } from './ledger-item.ts';
import type { RedisLink } from './redis-link.ts';
import { Script } from './script.ts';
import { APPLY_CHANNEL } from './scripts/apply-channel.ts';
import { APPLY_MEMBER } from './scripts/apply-member.ts';
import { APPLY_USER } from './scripts/apply-user.ts';
import { ENTER } from './scripts/enter.ts';
import { FENCE } from './scripts/fence.ts';
import { READ_ROSTER } from './scripts/read-roster.ts';

export type { Caller, LedgerItem, Refused, Telling };

const SCRIPTS = {
  applyChannel: new Script(APPLY_CHANNEL),
  applyMember: new Script(APPLY_MEMBER),
  applyUser: new Script(APPLY_USER),
  enter: new Script(ENTER),
  fence: new Script(FENCE),
  readRoster: new Script(READ_ROSTER),
};

const CHANGES: Readonly<Record<string, OccupancyChange>> = { occupied: 'occupied', vacated: 'vacated' };
const DELTAS: Readonly<Record<string, MemberApplied['delta']>> = { added: 'added', removed: 'removed' };

/**
 * Everything that is decided in a bucket, each call one script on absolute values, so that any may be sent again. Calls
 * reject when Redis does not answer; whether they were done is then unknown, and sending them again is right.
 */
export class BucketScripts {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** Makes the scripts known to Redis; worth doing after each connection, so that none overtakes another. */
  async load(): Promise<void> {
    await Promise.all(Object.values(SCRIPTS).map((script) => script.load(this.#link)));
  }

  /** Tells what a node has on a channel without presence. */
  async applyChannel(
    b: number,
    caller: Caller,
    share: ChannelShare,
    telling: Telling,
  ): Promise<Refused | ChannelApplied> {
    const { sockets, was, counts, countsFact } = share;
    const answer = await this.#run(SCRIPTS.applyChannel, this.#channelKeys(b, caller, share), [
      ...this.#channelArgs(b, caller, share, telling, sockets, was),
      flag(counts),
      flag(countsFact),
    ]);
    const [kind, subscriptions, change] = answer;
    if (kind !== 'applied') return refused(kind);
    return { kind, subscriptions: Number(subscriptions), change: CHANGES[String(change)] ?? null };
  }

  /** Tells what a node has of one user on a presence channel, and of the channel. */
  async applyMember(
    b: number,
    caller: Caller,
    share: MemberShare,
    telling: Telling,
  ): Promise<Refused | { readonly kind: 'full' } | MemberApplied> {
    const { appId, name, userId, userInfo, sockets, channelSockets, maxMembers, was, wasChannel } = share;
    const { keys } = this.#link;
    const answer = await this.#run(
      SCRIPTS.applyMember,
      [...this.#channelKeys(b, caller, share), keys.members(b, appId, name), keys.memberSockets(b, appId, name)],
      [
        ...this.#channelArgs(b, caller, share, telling, channelSockets, wasChannel),
        userId,
        userInfo === null ? '0' : `1${userInfo}`,
        sockets,
        Math.min(maxMembers, Number.MAX_SAFE_INTEGER),
        flag(telling.tracksMembers),
        flag(was),
      ],
    );
    const [kind, version, delta, change] = answer;
    if (kind === 'full') return { kind };
    if (kind !== 'applied') return refused(kind);
    return {
      kind,
      version: Number(version),
      delta: DELTAS[String(delta)] ?? null,
      change: CHANGES[String(change)] ?? null,
    };
  }

  /** Tells how many connections of a node are signed in as a user. */
  async applyUser(
    b: number,
    caller: Caller,
    share: { readonly appId: string; readonly userId: string; readonly connections: number },
  ): Promise<Refused | UserApplied> {
    const { appId, userId, connections } = share;
    const { keys, publishCommand } = this.#link;
    const name = userChannel(userId);
    const answer = await this.#run(
      SCRIPTS.applyUser,
      [keys.epoch(b), keys.ledger(b, caller.node), keys.channel(b, appId, name), keys.shares(b, appId, name)],
      [...callerArgs(caller), publishCommand, keys.topic(b, appId, name), userItem(appId, userId), connections],
    );
    const [kind, version, online, changed] = answer;
    if (kind !== 'applied') return refused(kind);
    return { kind, version: Number(version), online: online === 1, changed: changed === 1 };
  }

  /**
   * A node begins with a bucket: takes a generation and, where there is none, an epoch. While it has a generation that
   * was not ended the same call changes nothing more. `settlingMs` is the lease.
   */
  async enter(
    b: number,
    options: {
      readonly node: string;
      readonly newGeneration: string;
      readonly newEpoch: string;
      readonly knownEpoch: string | null;
      readonly settlingMs: number;
    },
  ): Promise<Entered> {
    const { node, newGeneration, newEpoch, knownEpoch, settlingMs } = options;
    const { keys } = this.#link;
    const answer = await this.#run(
      SCRIPTS.enter,
      [keys.epoch(b), keys.ledger(b, node)],
      [newGeneration, newEpoch, knownEpoch ?? '', settlingMs],
    );
    const [epoch, generation, number, items] = answer;
    return {
      epoch: String(epoch),
      generation: String(generation),
      isNewEpoch: epoch !== knownEpoch,
      number: Number(number),
      items: listOf(items).map((item) => readItem(item)),
    };
  }

  /**
   * Ends a node's generation in a bucket and answers up to 500 things that its ledger still holds, to be taken away in its
   * name with the generation `dropped`. None left: the ledger is gone. No epoch: `epoch` is empty, and nothing is held.
   */
  async fence(b: number, deadNode: string): Promise<{ readonly epoch: string; readonly items: readonly LedgerItem[] }> {
    const { keys } = this.#link;
    const [epoch, items] = await this.#run(SCRIPTS.fence, [keys.epoch(b), keys.ledger(b, deadNode)], []);
    return { epoch: String(epoch), items: listOf(items).map((item) => readItem(item)) };
  }

  /** The members of a presence channel and the version to which its deltas add. */
  async readRoster(b: number, appId: string, name: string): Promise<BucketRoster> {
    const { keys } = this.#link;
    const [version, fields] = await this.#run(
      SCRIPTS.readRoster,
      [keys.channel(b, appId, name), keys.members(b, appId, name)],
      [],
    );
    const members: (readonly [string, string | null])[] = [];
    const list = listOf(fields);
    for (let i = 0; i + 1 < list.length; i += 2) {
      const info = list[i + 1] ?? '0';
      members.push([list[i] ?? '', info.startsWith('1') ? info.slice(1) : null]);
    }
    return { version: Number(version), members };
  }

  /** Whether a user is online; a later `u` message with a higher version says otherwise. */
  async readUser(
    b: number,
    appId: string,
    userId: string,
  ): Promise<{ readonly version: number; readonly online: boolean }> {
    const key = this.#link.keys.channel(b, appId, userChannel(userId));
    const [connections, version] = await this.#link.commands.hmget(key, 'n', 'v');
    return { version: Number(version ?? 0), online: Number(connections ?? 0) > 0 };
  }

  /** How a node's ledger stands, without changing anything; `null` for what is not there. */
  async readStanding(
    b: number,
    node: string,
  ): Promise<{ readonly epoch: string | null; readonly generation: string | null; readonly number: number }> {
    const { commands, keys } = this.#link;
    const [epoch, ledger] = await Promise.all([
      commands.hget(keys.epoch(b), 'id'),
      commands.hmget(keys.ledger(b, node), 'g', 'n'),
    ]);
    return { epoch, generation: ledger[0] ?? null, number: Number(ledger[1] ?? 0) };
  }

  #channelKeys(b: number, caller: Caller, { appId, name }: { readonly appId: string; readonly name: string }) {
    const { keys } = this.#link;
    return [
      keys.epoch(b),
      keys.ledger(b, caller.node),
      keys.channel(b, appId, name),
      keys.shares(b, appId, name),
      keys.occupied(b, appId),
      keys.due(b),
      keys.facts(b),
    ];
  }

  #channelArgs(
    b: number,
    caller: Caller,
    { appId, name }: { readonly appId: string; readonly name: string },
    { tracksChannel, delayMs }: Telling,
    sockets: number,
    was: boolean,
  ) {
    const { keys, publishCommand } = this.#link;
    const topic = keys.topic(b, appId, name);
    const args = [publishCommand, keys.wake(b), topic, appId, name, sockets, flag(tracksChannel), delayMs, flag(was)];
    return [...callerArgs(caller), ...args];
  }

  async #run(which: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<readonly unknown[]> {
    const answer = await which.run(this.#link, keys, args);
    return Array.isArray(answer) ? (answer as readonly unknown[]) : [];
  }
}

function callerArgs({ node, generation, epoch, number }: Caller): (string | number)[] {
  return [node, generation, epoch, number];
}

function flag(value: boolean): '1' | '0' {
  return value ? '1' : '0';
}

function refused(kind: unknown): Refused {
  return { kind: kind === 'fenced' || kind === 'empty' ? kind : 'stale' };
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
