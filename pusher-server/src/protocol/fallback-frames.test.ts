import { describe, expect, it } from 'vitest';
import { closeLine, decodeSentFrames, encodeFrame, framesLine, lineLength } from './fallback-frames.ts';

describe('lines of the HTTP fallback', () => {
  it('T2: frames stand in an array of strings, and the length of their line is known before', () => {
    const frames = ['{"event":"a"}', '客服 "x"\n'].map(encodeFrame);
    const line = framesLine(frames);
    expect(line).toBe('a["{\\"event\\":\\"a\\"}","客服 \\"x\\"\\n"]\n');
    const lengths = frames.reduce((sum, { text }) => sum + text.length, 0);
    expect(lineLength(lengths, frames.length)).toBe(line.length);
    expect(frames.map(({ bytes }) => bytes)).toEqual([19, 16]);
  });

  it('T8: the close line', () => {
    expect(closeLine(4200, 'The "server" is going away')).toBe('c[4200,"The \\"server\\" is going away"]\n');
  });

  it('T3: a body of frames', () => {
    expect(decodeSentFrames('["a","b"]')).toEqual(['a', 'b']);
    expect(decodeSentFrames('[]')).toEqual([]);
  });

  it.each(['', 'x', '{}', '"a"', 'null', '[1]', '["a",null]', '[["a"]]', '["a"'])('T4: no frames in %j', (body) => {
    expect(decodeSentFrames(body)).toBeNull();
  });
});
