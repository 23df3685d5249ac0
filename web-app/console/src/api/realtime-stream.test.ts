import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followRealtime, type StreamSource } from './realtime-stream.ts';

/** A stream that a test speaks through. */
class Source extends EventTarget implements StreamSource {
  readyState = 0;

  close(): void {
    this.readyState = 2;
  }

  say(name: string, data: object): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

function follow() {
  const sources: Source[] = [];
  const heard: string[] = [];
  const open = () => {
    const source = new Source();
    sources.push(source);
    return source;
  };
  const stop = followRealtime(open, {
    onEvent: (name, data) => heard.push(`${name} ${data.channel ?? ''}`),
    onLive: (live) => heard.push(live ? 'live' : 'away'),
  });
  return { sources, heard, stop };
}

describe('the stream', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('leaves a break to the browser, and opens a refused stream again, later each time', () => {
    const { sources, heard, stop } = follow();
    const [first] = sources;
    first?.dispatchEvent(new Event('open'));
    first?.say('channel_occupied', { channel: 'news' });
    first?.dispatchEvent(new Event('error'));
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
    first?.close();
    first?.dispatchEvent(new Event('error'));
    vi.advanceTimersByTime(1_000);
    expect(sources).toHaveLength(2);
    expect(heard).toEqual(['live', 'channel_occupied news', 'away', 'away']);
    stop();
    expect(sources[1]?.readyState).toBe(2);
  });

  it('opens nothing once it was stopped', () => {
    const { sources, stop } = follow();
    sources[0]?.close();
    sources[0]?.dispatchEvent(new Event('error'));
    stop();
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
  });
});
