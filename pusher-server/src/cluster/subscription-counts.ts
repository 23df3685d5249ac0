/** Up to this many subscriptions every change is told; above, at most one in `THROTTLE_MS`. */
const UNTHROTTLED = 100;
const THROTTLE_MS = 5_000;

/**
 * Decides when a channel's number of subscriptions is told: at once while it is small, and at most every five seconds
 * while it is large, the last number always. Pusher protocol, "Subscription counting"; SPEC.md S11.
 */
export class SubscriptionCounts<Channel extends { readonly sockets: number }> {
  readonly #tell: (channel: Channel) => void;
  readonly #throttled = new Map<Channel, { readonly timer: NodeJS.Timeout; pending: boolean }>();

  constructor(tell: (channel: Channel) => void) {
    this.#tell = tell;
  }

  changed(channel: Channel): void {
    const throttled = this.#throttled.get(channel);
    if (throttled !== undefined && channel.sockets > UNTHROTTLED) {
      throttled.pending = true;
      return;
    }
    this.#forget(channel);
    if (channel.sockets > UNTHROTTLED) this.#throttle(channel);
    this.#tell(channel);
  }

  close(): void {
    for (const { timer } of this.#throttled.values()) clearTimeout(timer);
    this.#throttled.clear();
  }

  #throttle(channel: Channel): void {
    const timer = setTimeout(() => {
      const pending = this.#throttled.get(channel)?.pending === true;
      this.#throttled.delete(channel);
      if (pending) this.changed(channel);
    }, THROTTLE_MS);
    timer.unref();
    this.#throttled.set(channel, { timer, pending: false });
  }

  #forget(channel: Channel): void {
    clearTimeout(this.#throttled.get(channel)?.timer);
    this.#throttled.delete(channel);
  }
}
