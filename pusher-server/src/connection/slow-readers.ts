import { CLOSE } from '../protocol/errors.ts';
import type { Connection } from './connection.ts';
import type { ConnectionRegistry } from './connection-registry.ts';
import type { ChannelRegistry } from '../channels/channel-registry.ts';

const SWEEP_MS = 500;
/** How long a client may owe more than the limit: one burst fills any buffer for a moment. */
const PATIENCE_MS = 1_000;

/**
 * Closes clients that read too slowly with 4100, so that nobody else waits for them and no stream loses something in
 * its middle. An app that has sent nothing since the last look has no new ones and is passed over. SPEC.md L4.
 */
export class SlowReaders {
  readonly #connections: ConnectionRegistry;
  readonly #channels: ChannelRegistry;
  readonly #maxBufferBytes: number;
  readonly #since = new Map<Connection, number>();
  readonly #bytesSeen = new Map<string, number>();
  readonly #lost = new Set<Connection>();
  readonly #timer: NodeJS.Timeout;

  constructor(connections: ConnectionRegistry, channels: ChannelRegistry, maxBufferBytes: number) {
    this.#connections = connections;
    this.#channels = channels;
    this.#maxBufferBytes = maxBufferBytes;
    this.#timer = setInterval(() => this.#sweep(performance.now()), SWEEP_MS);
    this.#timer.unref();
  }

  /** Closes a client that a frame was lost to on the next tick: its stream ends, and has no hole in its middle. */
  giveUp(connection: Connection): void {
    if (connection.state.kind === 'established') connection.state.traffic.overflows += 1;
    if (this.#lost.size === 0) setImmediate(() => this.#closeLost());
    this.#lost.add(connection);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #sweep(now: number): void {
    this.#closeThosePast(now);
    for (const { appId, traffic } of this.#channels.all()) {
      if (this.#bytesSeen.get(appId) === traffic.bytesSent) continue;
      this.#bytesSeen.set(appId, traffic.bytesSent);
      for (const connection of this.#connections.of(appId)) {
        if (!this.#since.has(connection) && this.#owesTooMuch(connection)) this.#since.set(connection, now);
      }
    }
  }

  #closeThosePast(now: number): void {
    for (const [connection, since] of this.#since) {
      if (!this.#owesTooMuch(connection)) {
        this.#since.delete(connection);
      } else if (now - since >= PATIENCE_MS) {
        this.#end(connection);
      }
    }
  }

  #closeLost(): void {
    for (const connection of this.#lost) {
      if (connection.state.kind === 'established') this.#end(connection);
    }
    this.#lost.clear();
  }

  #end(connection: Connection): void {
    this.#since.delete(connection);
    if (connection.state.kind === 'established') connection.state.traffic.slowReadersClosed += 1;
    connection.end(CLOSE.overCapacity, 'The client reads too slowly');
  }

  #owesTooMuch(connection: Connection): boolean {
    return connection.state.kind === 'established' && connection.socket.getBufferedAmount() > this.#maxBufferBytes;
  }
}
