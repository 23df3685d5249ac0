import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_STREAM_LENGTH } from '../protocol/fallback-frames.ts';
import type { FallbackReceiver, ReceiverEvents } from '../transport/fallback-receiver.ts';
import {
  DETACHED_MS,
  ENDING_MS,
  FallbackSession,
  HEARTBEAT_MS,
  SLOWEST_CHARACTERS_PER_MS,
} from './fallback-session.ts';
import { FallbackTopics } from './fallback-topics.ts';

/** A response whose client reads when the test says. */
class TestReceiver implements FallbackReceiver {
  readonly mode: FallbackReceiver['mode'];
  reads = true;
  text = '';
  finished = false;

  constructor(mode: FallbackReceiver['mode'] = 'streaming') {
    this.mode = mode;
  }

  write(text: string): boolean {
    this.text += text;
    return this.reads;
  }

  finish(text: string): void {
    this.text += text;
    this.finished = true;
  }

  abort(): void {
    this.finished = true;
  }
}

let told: string[];
let vendor: string[];
let topics: FallbackTopics;
let session: FallbackSession;

beforeEach(() => {
  told = [];
  vendor = [];
  topics = new FallbackTopics({ publish: (topic, frame) => vendor.push(`${topic} ${frame}`) });
  session = newSession();
});

function newSession(): FallbackSession {
  return new FallbackSession(topics, {
    closed: () => told.push('closed'),
    overflowed: () => told.push('overflowed'),
    finished: () => told.push('finished'),
  });
}

function attach(receiver: TestReceiver, to = session): ReceiverEvents {
  const events = to.attach(receiver);
  to.flush();
  return events;
}

/** Whatever was sent in this turn is written by then. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const later = (milliseconds: number) => performance.now() + milliseconds;

describe('a fallback session', () => {
  it('T2: o comes first and once, and the frames of one turn in one line', async () => {
    const [first, second] = [new TestReceiver(), new TestReceiver()];
    attach(first);
    session.send('a');
    session.send('b');
    await nextTurn();
    expect(first.text).toBe('o\na["a","b"]\n');
    attach(second);
    session.send('c');
    await nextTurn();
    expect(second.text).toBe('a[]\na["c"]\n');
  });

  it('T3: a sign of life is answered with one, unless a frame is one', async () => {
    const stream = new TestReceiver();
    attach(stream);
    session.answerSignOfLife();
    await nextTurn();
    session.answerSignOfLife();
    session.send('a');
    await nextTurn();
    expect(stream.text).toBe('o\na[]\na["a"]\n');
  });

  it('T5: a full response gets nothing more, and the next one the rest', async () => {
    const [first, second] = [new TestReceiver(), new TestReceiver()];
    const events = attach(first);
    const big = 'x'.repeat(100_000);
    for (const frame of ['1', '2', '3', '4']) session.send(frame + big);
    await nextTurn();
    expect(first.text.match(/[1-4](?=x)/g)).toEqual(['1', '2', '3']);
    expect(first.text.length).toBeGreaterThan(MAX_STREAM_LENGTH);
    session.answerSignOfLife();
    await nextTurn();
    expect(first.text.endsWith('x"]\n')).toBe(true);
    events.gone();
    expect(told).toEqual([]);
    attach(second);
    expect(second.text.match(/[1-4](?=x)/g)).toEqual(['4']);
  });

  it('T5: a close waits for the next response too', async () => {
    attach(new TestReceiver());
    session.send('x'.repeat(MAX_STREAM_LENGTH));
    await nextTurn();
    session.end(4200, 'bye');
    expect(told).toEqual(['closed']);
    const next = new TestReceiver();
    attach(next);
    expect(next.text).toBe('a[]\nc[4200,"bye"]\n');
    expect(told).toEqual(['closed', 'finished']);
  });

  it('T6: a poll takes all that waits and ends', async () => {
    const [first, second] = [new TestReceiver('polling'), new TestReceiver('polling')];
    session.send('a');
    attach(first);
    expect(first).toMatchObject({ text: 'o\na["a"]\n', finished: true });
    attach(second);
    expect(second).toMatchObject({ text: '', finished: false });
    session.send('b');
    session.send('c');
    await nextTurn();
    expect(second).toMatchObject({ text: 'a["b","c"]\n', finished: true });
  });

  it.each(['streaming', 'polling'] as const)('T7: a %s response that has said nothing gets an h', (mode) => {
    attach(new TestReceiver('polling'));
    const response = new TestReceiver(mode);
    attach(response);
    session.tick(later(HEARTBEAT_MS - 1_000));
    expect(response.text).not.toContain('h');
    session.tick(later(HEARTBEAT_MS + 1));
    expect(response).toMatchObject({ text: expect.stringMatching(/h\n$/) as string, finished: mode === 'polling' });
  });

  it('T8: without a response the close waits, for a time', () => {
    session.send('a');
    session.end(4009, 'no');
    session.tick(later(DETACHED_MS - 1_000));
    const poll = new TestReceiver('polling');
    attach(poll);
    expect(poll).toMatchObject({ text: 'o\na["a"]\nc[4009,"no"]\n', finished: true });
    expect(told).toEqual(['closed', 'finished']);

    const other = newSession();
    other.end(4009, 'no');
    other.tick(later(DETACHED_MS + 1));
    expect(told).toEqual(['closed', 'finished', 'closed', 'finished']);
  });

  it('T8: a closed client that reads a little now and then is not waited for without end', async () => {
    const stream = new TestReceiver();
    stream.reads = false;
    const events = attach(stream);
    session.send('a');
    session.end(4100, 'slow');
    events.writable();
    await nextTurn();
    expect(told).toEqual(['closed']);
    session.tick(later(ENDING_MS + 1));
    expect(told).toEqual(['closed', 'finished']);
    expect(stream.finished).toBe(true);
  });

  it('T9: a client that breaks off a response has left', () => {
    attach(new TestReceiver()).gone();
    expect(told).toEqual(['closed', 'finished']);
    session.end(4200, 'late');
    session.send('late');
    session.drop();
    expect(told).toEqual(['closed', 'finished']);
  });

  it('T9: a client that does not come back has left', () => {
    attach(new TestReceiver('polling'));
    session.tick(later(DETACHED_MS - 1_000));
    expect(told).toEqual([]);
    session.tick(later(DETACHED_MS + 1_000));
    expect(told).toEqual(['closed', 'finished']);
  });

  it('T9: a client that has a long response to read gets the time for it', async () => {
    attach(new TestReceiver());
    session.send('x'.repeat(MAX_STREAM_LENGTH));
    await nextTurn();
    session.tick(later(DETACHED_MS + MAX_STREAM_LENGTH / SLOWEST_CHARACTERS_PER_MS - 1_000));
    expect(told).toEqual([]);
    session.tick(later(DETACHED_MS + MAX_STREAM_LENGTH / SLOWEST_CHARACTERS_PER_MS + 1_000));
    expect(told).toEqual(['closed', 'finished']);
  });

  it('T10: a second response ends the first, and the end of the first is nobody’s leaving', () => {
    const [first, second] = [new TestReceiver(), new TestReceiver()];
    const events = attach(first);
    attach(second);
    events.gone();
    events.writable();
    expect([first.finished, second.finished, told]).toEqual([true, false, []]);
  });

  it('T11: what waits and what is not read is owed, and over 16 MB nothing more is kept', async () => {
    const stream = new TestReceiver();
    stream.reads = false;
    const events = attach(stream);
    expect(session.getBufferedAmount()).toBe(2);
    const frame = 'é'.repeat(500_000);
    session.send(frame);
    await nextTurn();
    expect(session.getBufferedAmount()).toBe(1_000_004);
    expect(stream.text).toBe('o\n');
    for (let sent = 0; sent < 20; sent++) session.send(frame);
    expect(told).toEqual(['overflowed']);
    stream.reads = true;
    events.writable();
    expect(stream.text.startsWith('o\na[]\na["é')).toBe(true);
    expect(session.getBufferedAmount()).toBe(15 * 1_000_002);
  });

  it('E1, H8: a topic reaches the vendor’s sockets and all sessions but one', async () => {
    const [mine, theirs] = [new TestReceiver(), new TestReceiver()];
    const other = newSession();
    attach(mine);
    attach(theirs, other);
    session.subscribe('t');
    other.subscribe('t');
    session.publish('t', 'x');
    topics.publish('t', 'y', session);
    await nextTurn();
    expect(vendor).toEqual(['t x', 't y']);
    expect([mine.text, theirs.text]).toEqual(['o\n', 'o\na["y"]\n']);
    other.end(4200, 'bye');
    topics.publish('t', 'z', null);
    await nextTurn();
    expect([mine.text, theirs.text]).toEqual(['o\na["z"]\n', 'o\na["y"]\nc[4200,"bye"]\n']);
  });
});
