import { decodeMessage, encodeMessage, type FallbackMessage, type PeerSign } from './fallback-wire.ts';

/** How this process stands with another. Times on the clock of `performance.now()`. */
interface Peer {
  /** Numbers of the last message that was sent to it and heard from it. */
  sent: number;
  heard: number;
  /** When it was last heard, or had nothing to do with this process. */
  heardAt: number;
}

/** What the peers of this process tell it. */
export interface PeerEvents {
  message(node: string, message: FallbackMessage): void;
  /** The node has all that was sent to it up to this number. */
  confirmed(node: string, number: number): void;
  /** Something between this process and the node was lost, or the node is silent: what they share has to end. */
  lost(node: string): void;
  /** Whether this process and the node have anything to do with each other. */
  isInUse(node: string): boolean;
}

/** Three signs of life may be late; below, a busy machine would look like a dead one. */
const LEAST_BELIEVED_MS = 3_000;
/** Every restart of a node makes a new one; those that were not met for longest are forgotten. */
const MAX_PEERS = 1_000;

/**
 * The messages between this process and the others, in order and without holes: each is numbered, and a number that is
 * missing, which a sign of life every second brings to light, ends what depended on it.
 */
export class FallbackPeers {
  readonly #nodeId: string;
  readonly #believedMs: number;
  readonly #send: (node: string, text: string) => void;
  readonly #events: PeerEvents;
  readonly #peers = new Map<string, Peer>();

  /** A node that shares sessions with this one and says nothing is believed alive for `believedMs`. */
  constructor(nodeId: string, believedMs: number, send: (node: string, text: string) => void, events: PeerEvents) {
    this.#nodeId = nodeId;
    this.#believedMs = Math.max(believedMs, LEAST_BELIEVED_MS);
    this.#send = send;
    this.#events = events;
  }

  /** Answers the message's number. */
  tell(node: string, message: FallbackMessage): number {
    const peer = this.#peerOf(node);
    peer.sent += 1;
    this.#send(node, encodeMessage(this.#nodeId, peer.sent, message));
    return peer.sent;
  }

  /** A text came from another node. */
  hear(text: string): void {
    const heard = decodeMessage(text);
    if (heard === null) return;
    const { from } = heard;
    const peer = this.#peerOf(from);
    peer.heardAt = performance.now();
    if ('sign' in heard) {
      this.#hearSign(from, peer, heard.sign);
      return;
    }
    const isNext = heard.number === peer.heard + 1;
    peer.heard = heard.number;
    if (!isNext) this.#lose(from);
    this.#events.message(from, heard.message);
  }

  /** Called about once a second. */
  tick(now: number): void {
    for (const [node, peer] of this.#peers) {
      if (!this.#events.isInUse(node)) peer.heardAt = now;
      else if (now - peer.heardAt > this.#believedMs) this.#lose(node);
      else this.#showLife(node, peer, true);
    }
  }

  #hearSign(node: string, peer: Peer, sign: PeerSign): void {
    if (sign.kind === 'reset') {
      this.#events.lost(node);
      return;
    }
    if (sign.sent !== peer.heard) {
      peer.heard = sign.sent;
      this.#lose(node);
    }
    this.#events.confirmed(node, sign.heard);
    // One that has nothing to do with the other would say nothing by itself.
    if (sign.asks && !this.#events.isInUse(node)) this.#showLife(node, peer, false);
  }

  #showLife(node: string, { sent, heard }: Peer, asks: boolean): void {
    this.#send(node, encodeMessage(this.#nodeId, 0, { kind: 'alive', sent, heard, asks }));
  }

  /** The other side has to end it too, since it may have noticed nothing. */
  #lose(node: string): void {
    this.#send(node, encodeMessage(this.#nodeId, 0, { kind: 'reset' }));
    this.#events.lost(node);
  }

  #peerOf(node: string): Peer {
    const known = this.#peers.get(node);
    if (known !== undefined) return known;
    const peer = { sent: 0, heard: 0, heardAt: performance.now() };
    this.#peers.set(node, peer);
    const [first] = this.#peers.keys();
    if (this.#peers.size > MAX_PEERS && first !== undefined) this.#peers.delete(first);
    return peer;
  }
}
