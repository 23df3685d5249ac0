import { expect } from 'vitest';
import { APP, BUCKET, type BucketUnderTest } from './bucket-under-test.ts';

interface Held {
  lives: boolean;
  sockets: number;
  readonly members: Map<string, number>;
}

/** What every node holds: a plain account beside that in Redis. */
export class Ledger {
  readonly #nodes: readonly Held[];

  constructor(count: number) {
    this.#nodes = Array.from({ length: count }, () => ({
      lives: true,
      sockets: 0,
      members: new Map<string, number>(),
    }));
  }

  lives(node: number): boolean {
    return this.#of(node).lives;
  }

  setSockets(node: number, sockets: number): void {
    this.#of(node).sockets = sockets;
  }

  setMember(node: number, userId: string, sockets: number): void {
    this.#of(node).members.set(userId, sockets);
  }

  roomSockets(node: number): number {
    return [...this.#of(node).members.values()].reduce((sum, sockets) => sum + sockets, 0);
  }

  dies(node: number): void {
    this.#empty(node, false);
  }

  returns(node: number): void {
    this.#empty(node, true);
  }

  get sockets(): number {
    return this.#nodes.reduce((sum, { sockets }) => sum + sockets, 0);
  }

  get allRoomSockets(): number {
    return this.#nodes.reduce((sum, _held, node) => sum + this.roomSockets(node), 0);
  }

  get members(): readonly string[] {
    const present = this.#nodes.flatMap(({ members }) => [...members].filter(([, count]) => count > 0));
    return [...new Set(present.map(([userId]) => userId))].sort();
  }

  #empty(node: number, lives: boolean): void {
    const held = this.#of(node);
    held.lives = lives;
    held.sockets = 0;
    held.members.clear();
  }

  #of(node: number): Held {
    const held = this.#nodes[node];
    if (held === undefined) throw new RangeError(`There is no node ${String(node)}`);
    return held;
  }
}

/** Fails where Redis, or what receivers were told, says something else than the ledger. Nothing is due any more. */
export async function assertAgreement(
  { link, scripts, facts }: BucketUnderTest,
  ledger: Ledger,
  { room, channel }: { readonly room: string; readonly channel: string },
): Promise<void> {
  const { commands, keys } = link;
  const subscriptions = async (name: string) =>
    Number((await commands.hget(keys.channel(BUCKET, APP, name), 'n')) ?? 0);
  expect(await subscriptions(channel)).toBe(ledger.sockets);
  expect(await subscriptions(room)).toBe(ledger.allRoomSockets);
  const { members } = await scripts.readRoster(BUCKET, APP, room);
  expect(members.map(([userId]) => userId).sort()).toEqual(ledger.members);

  const occupied = [...(ledger.sockets > 0 ? [channel] : []), ...(ledger.allRoomSockets > 0 ? [room] : [])].sort();
  expect([...(await commands.smembers(keys.occupied(BUCKET, APP)))].sort()).toEqual(occupied);

  const told = new Set<string>();
  for (const line of await facts()) tell(told, line);
  expect([...told].sort()).toEqual([...occupied, ...ledger.members.map((userId) => `${room} ${userId}`)].sort());
}

/** What receivers believe after one more fact; nothing is told twice in a row, and no member of a channel not told of. */
function tell(told: Set<string>, line: string): void {
  const [kind = '', name = '', userId] = line.split(' ');
  const what = userId === undefined ? name : `${name} ${userId}`;
  const isComing = kind === 'channel_occupied' || kind === 'member_added';
  expect([line, told.has(what)]).toEqual([line, !isComing]);
  if (userId !== undefined) expect([line, told.has(name)]).toEqual([line, true]);
  if (kind === 'channel_vacated') {
    expect([line, [...told].filter((other) => other.startsWith(`${name} `))]).toEqual([line, []]);
  }
  if (isComing) told.add(what);
  else told.delete(what);
}
