import type { App } from '../apps/app.ts';
import type { AppChannels } from '../channels/channel-registry.ts';
import type { SignedInUser, Subscriber } from '../channels/subscriber.ts';
import { Subscriptions } from '../channels/subscriptions.ts';
import type { RateWindow } from '../limits/rate-limiter.ts';
import type { Traffic } from '../metrics/traffic.ts';
import type { Socket } from '../transport/socket.ts';

let lastSerial = 0;

/** A connection that has its `pusher:connection_established`. */
export class Established implements Subscriber {
  readonly kind = 'established';
  readonly socketId: string;
  readonly socket: Socket;
  /** Replaced when the app's settings change. */
  app: App;
  readonly channels: AppChannels;
  readonly traffic: Traffic;
  readonly subscriptions = new Subscriptions();
  clientEvents: RateWindow | null = null;
  /** Rises with every connection of this process. */
  readonly serial = ++lastSerial;
  /** In milliseconds since 1970. */
  readonly connectedAt = Date.now();
  /** What the client calls itself, `js 8.6.0`; empty when it says nothing. */
  readonly client: string;
  /** The page's origin; empty where there is none. */
  readonly origin: string;
  user: SignedInUser | null = null;

  constructor(
    socketId: string,
    socket: Socket,
    app: App,
    channels: AppChannels,
    says: { readonly client: string; readonly origin: string },
  ) {
    this.socketId = socketId;
    this.socket = socket;
    this.app = app;
    this.channels = channels;
    this.traffic = channels.traffic;
    this.client = says.client;
    this.origin = says.origin;
  }
}

/** `opening`: upgraded, its app is being looked up. `closed`: the socket must not be touched any more. */
export type ConnectionState = { readonly kind: 'opening' } | Established | { readonly kind: 'closed' };

const OPENING: ConnectionState = { kind: 'opening' };
const CLOSED: ConnectionState = { kind: 'closed' };

/** One client's connection, from its upgrade to its close; it lives in the socket's user data. */
export class Connection {
  readonly socket: Socket;
  state: ConnectionState = OPENING;
  /** The heartbeat's tick in which something last came from the client. */
  heardAt = 0;
  /** The tick of the ping that has not been answered, or of the last one. */
  pingedAt = -1;
  /** Where the heartbeat keeps this connection; −1 while it does not. */
  slot = -1;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  /** Closes from this side; the transport then reports the close like any other. */
  end(code: number, reason: string): void {
    if (this.state.kind === 'closed') return;
    this.socket.end(code, reason);
  }

  markClosed(): void {
    this.state = CLOSED;
  }
}
