import type { Cluster } from '../cluster/cluster.ts';
import type { FallbackReceiver, ReceiverEvents } from '../transport/fallback-receiver.ts';
import type { SendResult } from '../transport/uws-fallback.ts';
import { FallbackGuests } from './fallback-guests.ts';
import { FallbackPeers } from './fallback-peers.ts';
import { FallbackRelays } from './fallback-relays.ts';
import { FallbackSends } from './fallback-sends.ts';
import type { FallbackSession } from './fallback-session.ts';
import type { FallbackMessage } from './fallback-wire.ts';

/** What other processes ask of the sessions here. */
export interface OwnSessions {
  /** A client asks for what there is for its session; `null` when it is not here. */
  wake(id: string): FallbackSession | null;
  /** Does what a client sent. */
  take(id: string, body: string): SendResult;
  /** No response is held for others any longer. */
  unburdened(): void;
}

/** The last of what a node passed on for a session: it may be told again, and is done once. */
interface LastTaken {
  readonly ref: number;
  readonly result: SendResult;
}

/** Of so many sessions it is known what was last done for them. */
const MAX_REMEMBERED = 10_000;

/**
 * The sessions of the HTTP fallback over several processes: what reaches a process that does not have the session goes
 * to the one that does. SPEC.md K70–K75.
 */
export class FallbackNeighbours {
  readonly #sessions: OwnSessions;
  readonly #peers: FallbackPeers;
  readonly #relays: FallbackRelays;
  readonly #guests: FallbackGuests;
  readonly #sends: FallbackSends;
  /** By node and session, the longest unchanged first. */
  readonly #taken = new Map<string, LastTaken>();

  constructor(cluster: Pick<Cluster, 'nodeId' | 'tellNode'>, leaseMs: number, sessions: OwnSessions) {
    this.#sessions = sessions;
    const tell = (node: string, message: FallbackMessage) => this.#peers.tell(node, message);
    this.#relays = new FallbackRelays(tell, () => sessions.unburdened());
    this.#guests = new FallbackGuests(tell);
    this.#sends = new FallbackSends(tell);
    this.#peers = new FallbackPeers(cluster.nodeId, leaseMs, (node, text) => cluster.tellNode(node, text), {
      message: (node, message) => this.#take(node, message),
      confirmed: (node, number) => this.#guests.confirmed(node, number),
      lost: (node) => {
        this.#relays.lost(node);
        this.#guests.lost(node);
      },
      isInUse: (node) => this.#relays.isInUse(node) || this.#guests.isInUse(node),
    });
  }

  /** Responses that are held here for others. */
  get burden(): number {
    return this.#relays.size;
  }

  hear(text: string): void {
    this.#peers.hear(text);
  }

  relay(owner: string, id: string, receiver: FallbackReceiver, unknown: () => void): ReceiverEvents {
    return this.#relays.attach(owner, id, receiver, unknown);
  }

  /** The process that is being told what was sent for this session. */
  ownerOf(id: string): string | null {
    return this.#sends.ownerOf(id);
  }

  pass(owner: string, id: string, body: string): Promise<SendResult> {
    return this.#sends.pass(owner, id, body);
  }

  tick(now: number): void {
    this.#relays.tick(now);
    this.#sends.tick(now);
    this.#peers.tick(now);
  }

  leave(): void {
    this.#relays.leave();
  }

  close(): void {
    this.#relays.close();
    this.#sends.close();
  }

  #take(node: string, message: FallbackMessage): void {
    const { ref } = message;
    switch (message.kind) {
      case 'attach':
        this.#attach(node, ref, message.session, message.mode);
        return;
      case 'attached':
        this.#relays.attached(node, ref);
        return;
      case 'unknown':
        this.#relays.unknown(node, ref);
        return;
      case 'write':
        this.#relays.write(node, ref, message.text);
        return;
      case 'finish':
        this.#relays.finish(node, ref, message.text);
        return;
      case 'progress':
        this.#guests.progress(node, ref, message.bytes, message.drained);
        return;
      case 'gone':
        this.#guests.gone(node, ref);
        return;
      case 'release':
        this.#guests.release(node, ref);
        return;
      case 'send':
        this.#peers.tell(node, { kind: 'sent', ref, result: this.#takeOnce(node, ref, message.session, message.text) });
        return;
      case 'sent':
        this.#sends.sent(node, ref, message.result);
    }
  }

  #attach(node: string, ref: number, id: string, mode: FallbackReceiver['mode']): void {
    const session = this.#sessions.wake(id);
    if (session === null) {
      this.#peers.tell(node, { kind: 'unknown', ref });
      return;
    }
    this.#guests.attach(node, ref, mode, session);
    session.flush();
  }

  #takeOnce(node: string, ref: number, id: string, body: string): SendResult {
    const name = `${node}/${id}`;
    const last = this.#taken.get(name);
    if (last !== undefined && ref <= last.ref) return last.result;
    const result = this.#sessions.take(id, body);
    this.#taken.delete(name);
    this.#taken.set(name, { ref, result });
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > MAX_REMEMBERED && oldest !== undefined) this.#taken.delete(oldest);
    return result;
  }
}
