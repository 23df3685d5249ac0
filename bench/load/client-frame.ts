const FINAL_TEXT = 0x81;
const MASKED = 0x80;

/**
 * A client's text frame. The mask is zero, which RFC 6455 §5.3 allows in form and which leaves the payload as it is:
 * the server unmasks it all the same.
 */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const extended = payload.length < 126 ? 0 : 2;
  if (payload.length > 0xffff) throw new RangeError('a client frame of the bench is at most 64 KB');
  const head = Buffer.alloc(2 + extended + 4);
  head[0] = FINAL_TEXT;
  head[1] = MASKED | (extended === 0 ? payload.length : 126);
  if (extended > 0) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
