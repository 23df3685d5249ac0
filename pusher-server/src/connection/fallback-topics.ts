import { encodeFrame, type EncodedFrame } from '../protocol/fallback-frames.ts';
import type { Broadcaster, Socket } from '../transport/socket.ts';

/** A fallback session as topics know it. */
export interface FallbackSubscriber extends Socket {
  deliver(frame: EncodedFrame): void;
}

/**
 * The vendor's topics, and beside them those of the fallback sessions, which the vendor cannot reach. While there is no
 * such session a publish costs one look at an empty map; else a frame is encoded once for all that hear it.
 */
export class FallbackTopics implements Broadcaster {
  readonly #vendor: Broadcaster;
  readonly #topics = new Map<string, Set<FallbackSubscriber>>();

  constructor(vendor: Broadcaster) {
    this.#vendor = vendor;
  }

  publish(topic: string, frame: string, except: Socket | null): void {
    this.#vendor.publish(topic, frame, except);
    if (this.#topics.size > 0) this.#deliver(topic, frame, except);
  }

  /** Publishes to the vendor's sockets alone. */
  publishToVendor(topic: string, frame: string): void {
    this.#vendor.publish(topic, frame, null);
  }

  subscribe(topic: string, subscriber: FallbackSubscriber): void {
    const subscribers = this.#topics.get(topic);
    if (subscribers === undefined) this.#topics.set(topic, new Set([subscriber]));
    else subscribers.add(subscriber);
  }

  unsubscribe(topic: string, subscriber: FallbackSubscriber): void {
    const subscribers = this.#topics.get(topic);
    subscribers?.delete(subscriber);
    if (subscribers?.size === 0) this.#topics.delete(topic);
  }

  #deliver(topic: string, frame: string, except: Socket | null): void {
    const subscribers = this.#topics.get(topic);
    if (subscribers === undefined) return;
    const encoded = encodeFrame(frame);
    for (const subscriber of subscribers) {
      if (subscriber !== except) subscriber.deliver(encoded);
    }
  }
}
