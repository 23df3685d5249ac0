/**
 * What the server asks of one client's connection, whatever carries it. After `end`, or once the connection is closed,
 * nothing may be called any more: the holder's state says so, and asks it first.
 */
export interface Socket {
  send(frame: string): void;
  /** Closes with a code, a short reason and a proper closing handshake. */
  end(code: number, reason: string): void;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** Publishes to the topic's other subscribers among the sockets of the vendor; `Broadcaster.publish` reaches all. */
  publish(topic: string, frame: string): void;
  /** Bytes that wait for the client to read them. */
  getBufferedAmount(): number;
}

/** Publishes to all subscribers of a topic, whatever carries them, `except` one. */
export interface Broadcaster {
  publish(topic: string, frame: string, except: Socket | null): void;
}
