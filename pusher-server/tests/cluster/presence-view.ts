import type { Guest } from './guest.ts';
import type { Nodes } from './nodes.ts';
import { decodeFrame, memberOf, rosterOf } from './frames-of-presence.ts';

/**
 * What a connection believes about who is on a presence channel: the list of its answer and every change since. A
 * member that is added twice, or removed without having been there, is a fault.
 */
export class PresenceView {
  readonly faults: string[] = [];
  readonly changes: string[] = [];
  readonly #members = new Set<string>();

  /** Begins before the guest subscribes. */
  constructor(guest: Guest, channel: string) {
    guest.client.socket.on('message', (bytes: Buffer) => {
      const frame = decodeFrame(bytes.toString('utf8'));
      if (frame.channel === channel) this.#take(frame.event, frame.data);
    });
  }

  /** Sorted, with commas. */
  get members(): string {
    return [...this.#members].toSorted().join();
  }

  #take(event: string, data: unknown): void {
    switch (event) {
      case 'pusher_internal:subscription_succeeded':
        this.#members.clear();
        for (const id of rosterOf(data)) this.#members.add(id);
        break;
      case 'pusher_internal:member_added': {
        const id = memberOf(data);
        if (this.#members.has(id)) this.faults.push(`${id} was added twice`);
        this.#members.add(id);
        this.changes.push(`added ${id}`);
        break;
      }
      case 'pusher_internal:member_removed': {
        const id = memberOf(data);
        if (!this.#members.delete(id)) this.faults.push(`${id} was removed and was not there`);
        this.changes.push(`removed ${id}`);
        break;
      }
      default:
        break;
    }
  }
}

/** The room of the tests that need one only. */
export const ROOM = 'presence-room';

/** A guest of a node who is on the room, with what they believe of it. */
export async function present(nodes: Pick<Nodes, 'guest'>, node: number, user: string) {
  const guest = await nodes.guest(node);
  const view = new PresenceView(guest, ROOM);
  await guest.join(ROOM, user);
  return { guest, view };
}
