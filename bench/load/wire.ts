/** How the load generator says the same thing to our server and to the limit. */
export interface Wire {
  /** The path that is upgraded. */
  readonly path: string;
  /** The frame that asks for a channel, signed when its name says that it must be. */
  subscribe(channel: string, socketId: string): string;
  /** The frame that joins a presence channel which has `held` members already. */
  join(channel: string, socketId: string, member: Member, held: number): string;
  /** The frame of a user's second connection to a channel of `held` members: nobody hears of it. */
  joinAgain(channel: string, socketId: string, member: Member, held: number): string;
  /** `userId`: the user whose last connection that is; `null` when it has others. */
  leave(channel: string, userId: string | null): string;
  /** A client's event for the others of a channel. */
  clientEvent(channel: string, data: string): string;
  /** A whole HTTP request that publishes one event, ready to be written. */
  trigger(channel: string, event: string, data: string): Buffer;
  /** The same for several events at once. */
  batch(items: readonly BatchItem[]): Buffer;
}

export interface Member {
  readonly userId: string;
  /** JSON text. */
  readonly userInfo: string | null;
}

export interface BatchItem {
  readonly channel: string;
  readonly event: string;
  readonly data: string;
}

/** A `POST` with its body in one piece. */
export function postRequest(path: string, body: string, type = 'application/json'): Buffer {
  const bytes = Buffer.from(body);
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\n` +
    `Content-Length: ${String(bytes.length)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}
