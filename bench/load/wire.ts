/** How the load generator says the same thing to our server and to the limit. */
export interface Wire {
  /** The path that is upgraded. */
  readonly path: string;
  /** The frame that asks for a channel without a signature. */
  subscribe(channel: string): string;
  /** A whole HTTP request that publishes one event, ready to be written. */
  trigger(channel: string, event: string, data: string): Buffer;
}

/** A `POST` with its body in one piece. */
export function postRequest(path: string, contentType: string, body: Buffer): Buffer {
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${contentType}\r\n` +
    `Content-Length: ${String(body.length)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
