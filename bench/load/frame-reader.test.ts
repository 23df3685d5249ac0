import { describe, expect, it } from 'vitest';
import { FrameReader } from './frame-reader.ts';

/** A server's frame, as RFC 6455 §5.2 lays it out. */
function frame(opcode: number, payload: string): Buffer {
  const bytes = Buffer.from(payload);
  const first = 0x80 | opcode;
  if (bytes.length < 126) return Buffer.concat([Buffer.from([first, bytes.length]), bytes]);
  const head = Buffer.alloc(bytes.length <= 0xffff ? 4 : 10);
  head[0] = first;
  if (bytes.length <= 0xffff) {
    head[1] = 126;
    head.writeUInt16BE(bytes.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(bytes.length), 2);
  }
  return Buffer.concat([head, bytes]);
}

const TEXT = 1;
const CLOSE = 8;
const PING = 9;

describe('FrameReader', () => {
  const texts = ['', 'a', 'b'.repeat(125), 'c'.repeat(126), 'd'.repeat(65_535), 'e'.repeat(65_536)];
  const stream = Buffer.concat(texts.map((text) => frame(TEXT, text)));

  it.each([1, 2, 3, 7, 1_000, 70_000, stream.length])('finds every frame in pieces of %i bytes', (size) => {
    const [counting, reading] = [new FrameReader(), new FrameReader()];
    const read: string[] = [];
    reading.onText = (text) => read.push(text);
    let counted = 0;
    for (let start = 0; start < stream.length; start += size) {
      const piece = stream.subarray(start, start + size);
      counted += counting.read(piece, piece.length);
      reading.read(piece, piece.length);
    }
    expect(counted).toBe(texts.length);
    expect(counting.texts).toBe(texts.length);
    expect(read).toEqual(texts);
  });

  it('reads only as many bytes as it is told', () => {
    const reader = new FrameReader();
    const bytes = Buffer.concat([frame(TEXT, 'one'), frame(TEXT, 'two')]);
    expect(reader.read(bytes, 5)).toBe(1);
    expect(reader.read(bytes.subarray(5), 5)).toBe(1);
  });

  it('counts texts alone, and notices a close', () => {
    const reader = new FrameReader();
    const bytes = Buffer.concat([frame(PING, 'x'), frame(TEXT, 'y'), frame(CLOSE, '\u0003ébye')]);
    expect(reader.closed).toBe(false);
    expect(reader.read(bytes, bytes.length)).toBe(1);
    expect(reader.closed).toBe(true);
  });
});
