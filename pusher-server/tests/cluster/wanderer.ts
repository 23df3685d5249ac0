import { randomInt } from 'node:crypto';
import type { Guest } from './guest.ts';
import type { Nodes } from './nodes.ts';
import { PresenceView } from './presence-view.ts';

/** Joins wait for Redis at most as long as a command may take, and then some on a busy machine. */
const RETRY_MS = 50;

interface Place {
  readonly guest: Guest;
  readonly views: ReadonlyMap<string, PresenceView>;
  readonly channels: Set<string>;
  isOpen: boolean;
}

/** Somebody who joins, leaves and moves at random, and comes back on some node when the connection is lost. */
export class Wanderer {
  readonly user: string;
  readonly faults: string[] = [];
  joins = 0;
  losses = 0;
  readonly #nodes: Nodes;
  readonly #rooms: readonly string[];
  #place: Place | null = null;

  constructor(nodes: Nodes, user: string, rooms: readonly string[]) {
    this.#nodes = nodes;
    this.user = user;
    this.#rooms = rooms;
  }

  /** What this connection is subscribed to now. */
  get channels(): readonly string[] {
    return this.#place?.isOpen === true ? [...this.#place.channels] : [];
  }

  async wander(until: number): Promise<void> {
    while (Date.now() < until) {
      try {
        await this.#act();
      } catch {
        // The node died or stood still, and with it what was asked of it.
        this.#place?.guest.client.socket.terminate();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** Where what was heard of presence channels is not what is so. */
  disagreements(members: Readonly<Record<string, readonly string[]>>): readonly string[] {
    const place = this.#place;
    return this.channels
      .filter((channel) => channel.startsWith('presence-'))
      .flatMap((channel) => {
        const seen = place?.views.get(channel)?.members;
        const real = members[channel]?.join();
        return seen === real ? [] : [`${this.user} on ${channel}: ${String(seen)} instead of ${String(real)}`];
      });
  }

  end(): void {
    this.#leavePlace();
  }

  async #act(): Promise<void> {
    const place = this.#place;
    if (place === null || !place.isOpen) {
      if (place !== null) this.losses += 1;
      this.#leavePlace();
      this.#place = await this.#settle();
      return;
    }
    const room = this.#rooms[randomInt(this.#rooms.length)] ?? '';
    const mood = randomInt(10);
    if (place.channels.has(room)) {
      place.channels.delete(room);
      place.guest.leave(room);
    } else if (mood === 0) {
      this.#leavePlace();
    } else {
      this.joins += 1;
      const isPresence = room.startsWith('presence-');
      const answer = await place.guest.join(room, isPresence ? this.user : undefined);
      if (answer === 'ok' || isPresence) place.channels.add(room);
    }
    await new Promise((resolve) => setTimeout(resolve, randomInt(5, 60)));
  }

  async #settle(): Promise<Place> {
    const guest = await this.#nodes.guest(randomInt(this.#nodes.count));
    const views = new Map(
      this.#rooms
        .filter((room) => room.startsWith('presence-'))
        .map((room) => [room, new PresenceView(guest, room)] as const),
    );
    const place: Place = { guest, views, channels: new Set(), isOpen: true };
    void guest.client.closed.then(() => {
      place.isOpen = false;
    });
    return place;
  }

  #leavePlace(): void {
    const place = this.#place;
    if (place === null) return;
    this.#place = null;
    place.isOpen = false;
    for (const { faults } of place.views.values()) this.faults.push(...faults.map((fault) => `${this.user}: ${fault}`));
    if (randomInt(2) === 0) place.guest.client.close();
    else place.guest.client.socket.terminate();
  }
}
