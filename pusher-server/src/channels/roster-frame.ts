import type { Roster } from '../cluster/cluster.ts';
import { memberLists, presenceSucceeded, type MemberLists } from '../protocol/frames.ts';

/**
 * The answer to joins of one presence channel as it was last encoded. Joins without a change are answered with the same
 * frame; when members only came since, they alone are encoded: a join costs what the newcomer does, and copying the list.
 */
export class RosterFrame {
  readonly #channel: string;
  #version = 0;
  #count = 0;
  #lists: MemberLists = memberLists([]);
  #frame: string | null = null;

  constructor(channel: string) {
    this.#channel = channel;
  }

  /** The frame for a roster, which is always that of the same channel. */
  of({ members, version }: Roster): string {
    if (this.#frame !== null && this.#version === version) return this.#frame;
    // The version has risen by one with everybody who came or went; when the number rose as much, nobody went.
    const onlyCame = this.#frame !== null && members.size - this.#count === version - this.#version;
    if (onlyCame) this.#append(newest(members, this.#count));
    else this.#lists = memberLists(members);
    this.#version = version;
    this.#count = members.size;
    this.#frame = presenceSucceeded(this.#channel, members.size, this.#lists);
    return this.#frame;
  }

  #append(members: Iterable<readonly [string, string | null]>): void {
    const { ids, hash } = memberLists(members);
    const comma = this.#count === 0 ? '' : ',';
    this.#lists = { ids: `${this.#lists.ids}${comma}${ids}`, hash: `${this.#lists.hash}${comma}${hash}` };
  }
}

/** The members behind the first `known`: a roster holds them in the order in which they came. */
function* newest(members: Roster['members'], known: number): Generator<readonly [string, string | null]> {
  let index = 0;
  for (const member of members) {
    if (index++ >= known) yield member;
  }
}
