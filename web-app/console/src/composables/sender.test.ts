import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiFile, ApiMessage, SendMessageRequest } from '../../../src/front-doors/console-api/wire.ts';
import { ApiError } from '../api/api-error.ts';
import type { OutgoingMessage } from './outgoing-messages.ts';
import { OWN_ID, ownMessage } from './sample-data.ts';
import { createSender, type Sender } from './sender.ts';
import { openTextStore, type TextStore } from './text-store.ts';

/** A server that answers as told, and remembers what it stored by `clientId`. */
function fakeServer() {
  const stored = new Map<string, ApiMessage>();
  const attempts: string[] = [];
  const refusals: ApiError[] = [];
  /** Those on their way, by the file's name. */
  const uploads = new Map<string, { end: () => void; refuse: (error: ApiError) => void }>();
  /** Stores, and then the answer is lost. */
  let losesAnswers = 0;
  return {
    stored,
    attempts,
    fail: (...errors: ApiError[]) => void refusals.push(...errors),
    loseAnswers: (count: number) => void (losesAnswers = count),
    uploads,
    upload(file: Blob, name: string): Promise<ApiFile> {
      return new Promise((resolve, reject) => {
        const key = name.padEnd(32, '0');
        const stored = { key, url: `/files/${key}/${name}`, name, size: file.size, type: 'text/plain' };
        uploads.set(name, { end: () => resolve({ ...stored, width: null, height: null }), refuse: reject });
      });
    },
    send(conversationId: number, { clientId, type, content }: SendMessageRequest): Promise<ApiMessage> {
      const text = type === 'text' ? content.text : type === 'file' ? `file ${content.key.replaceAll('0', '')}` : type;
      attempts.push(text);
      const refusal = refusals.shift();
      if (refusal !== undefined) return Promise.reject(refusal);
      const body = { type: 'text', content: { text } } as const;
      const message = stored.get(clientId) ?? ownMessage(stored.size + 1, { conversationId, clientId, body });
      stored.set(clientId, message);
      if (losesAnswers > 0) {
        losesAnswers -= 1;
        return Promise.reject(unreachable());
      }
      return Promise.resolve(message);
    },
  };
}

const unreachable = () => new ApiError(0, 'unreachable', 'The server did not answer');
const memory = () =>
  openTextStore(() => {
    throw new Error('refused');
  });

let server: ReturnType<typeof fakeServer>;
let storage: TextStore;
let sent: string[];
const senders: Sender[] = [];

function begin(): Sender {
  const sender = createSender(server, storage, OWN_ID, (message) => {
    sent.push(message.body.type === 'text' ? message.body.content.text : '');
  });
  senders.push(sender);
  return sender;
}

const wordsOf = ({ body }: OutgoingMessage) => (body.type === 'text' ? body.content.text : body.content.name);
const states = (sender: Sender) => sender.outgoingOf(1).map((message) => `${wordsOf(message)} ${message.state.kind}`);

beforeEach(() => {
  vi.useFakeTimers();
  server = fakeServer();
  storage = memory();
  sent = [];
});
afterEach(() => {
  for (const sender of senders.splice(0)) sender.close();
  vi.useRealTimers();
});

describe('a sender', () => {
  it('sends in the order of writing, also when the first has to be tried again', async () => {
    server.fail(unreachable());
    const sender = begin();
    sender.send(1, 'one');
    sender.send(1, 'two');
    expect(states(sender)).toEqual(['one sending', 'two sending']);
    await vi.advanceTimersByTimeAsync(2000);
    expect(sent).toEqual(['one', 'two']);
    expect(server.attempts).toEqual(['one', 'one', 'two']);
    expect(states(sender)).toEqual([]);
  });

  it('repeats under the same name, so that a lost answer doubles nothing', async () => {
    server.loseAnswers(2);
    const sender = begin();
    sender.send(1, 'once');
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.attempts).toHaveLength(3);
    expect(server.stored.size).toBe(1);
    expect(sent).toEqual(['once']);
  });

  it('says so after a few failures, goes on trying, and tries at once when the server is back', async () => {
    server.fail(...Array.from({ length: 5 }, unreachable));
    const sender = begin();
    sender.send(1, 'patience');
    await vi.advanceTimersByTimeAsync(2500);
    expect(states(sender)).toEqual(['patience stuck']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.attempts.length).toBe(5);
    sender.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(['patience']);
  });

  it('keeps a refused message with its reason and lets the next one pass', async () => {
    server.fail(new ApiError(422, 'too_long', 'Too long'));
    const sender = begin();
    sender.send(1, 'long');
    sender.send(1, 'short');
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(['short']);
    expect(sender.outgoingOf(1)).toMatchObject([
      { body: { content: { text: 'long' } }, state: { kind: 'refused', code: 'too_long' } },
    ]);
    sender.retry(sender.outgoingOf(1)[0]?.clientId ?? '');
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(['short', 'long']);
  });

  it('waits as long as the server asks', async () => {
    server.fail(new ApiError(429, 'rate_limited', 'Too fast', 20));
    begin().send(1, 'slowly');
    await vi.advanceTimersByTimeAsync(19_900);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(sent).toEqual(['slowly']);
  });

  it('sends what a reload interrupted, and nothing that was acknowledged', async () => {
    const first = begin();
    first.send(1, 'acknowledged');
    await vi.advanceTimersByTimeAsync(0);
    server.fail(unreachable());
    first.send(1, 'interrupted');
    await vi.advanceTimersByTimeAsync(0);
    first.close();
    storage.setItem(`kefu.console.outgoing.${OWN_ID}.bad`, '{"text":');
    storage.setItem(
      'kefu.console.outgoing.99.theirs',
      JSON.stringify({ ...first.outgoingOf(1)[0], clientId: 'theirs' }),
    );

    const second = begin();
    expect(second.outgoingOf(1).map(wordsOf)).toEqual(['interrupted']);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(['acknowledged', 'interrupted']);
    expect(server.stored.size).toBe(2);
  });

  it('takes an event for the acknowledgement when it comes first', async () => {
    server.fail(unreachable());
    const sender = begin();
    sender.send(1, 'seen');
    await vi.advanceTimersByTimeAsync(0);
    sender.settle(sender.outgoingOf(1)[0]?.clientId ?? '');
    expect(states(sender)).toEqual([]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.attempts).toEqual(['seen']);
  });

  it('does not hold up one conversation for another', async () => {
    server.fail(unreachable());
    const sender = begin();
    sender.send(1, 'stuck');
    sender.send(2, 'free');
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(['free']);
  });

  describe('with files', () => {
    const file = (name: string, bytes = 'x') => new File([bytes], name, { type: 'text/plain' });
    const settled = () => vi.advanceTimersByTimeAsync(0);

    it('sends words past what is uploaded, and files in the order of choosing', async () => {
      const sender = begin();
      await sender.sendFiles(1, [file('a'), file('b')]);
      sender.send(1, 'words');
      expect(states(sender)).toEqual(['a uploading', 'b uploading', 'words sending']);
      server.uploads.get('b')?.end();
      await settled();
      expect(sent).toEqual(['words']);
      server.uploads.get('a')?.end();
      await settled();
      expect(server.attempts).toEqual(['words', 'file a', 'file b']);
      expect(states(sender)).toEqual([]);
    });

    it('refuses what is empty or too large before anything goes out', async () => {
      const large = file('large');
      Object.defineProperty(large, 'size', { value: 18 * 1024 * 1024 + 1 });
      const sender = begin();
      await sender.sendFiles(1, [file('nothing', ''), large]);
      expect(sender.outgoingOf(1).map(({ state }) => state)).toEqual([
        { kind: 'refused', code: 'empty_file' },
        { kind: 'refused', code: 'too_large' },
      ]);
      expect(server.uploads.size).toBe(0);
    });

    it('takes a refused file up again, or forgets it and what waited behind goes', async () => {
      const sender = begin();
      await sender.sendFiles(1, [file('a'), file('b')]);
      server.uploads.get('a')?.refuse(new ApiError(403, 'forbidden', 'no'));
      await settled();
      expect(states(sender)).toEqual(['a refused', 'b uploading']);
      sender.retry(sender.outgoingOf(1)[0]?.clientId ?? '');
      expect(states(sender)).toEqual(['a uploading', 'b uploading']);
      server.uploads.get('b')?.end();
      await settled();
      expect(sent).toEqual([]);
      sender.discard(sender.outgoingOf(1)[0]?.clientId ?? '');
      await settled();
      expect(server.attempts).toEqual(['file b']);
    });

    it('sends after a reload what was uploaded before', async () => {
      const first = begin();
      server.fail(unreachable());
      await first.sendFiles(1, [file('a'), file('b')]);
      server.uploads.get('a')?.end();
      await settled();
      first.close();
      const second = begin();
      expect(states(second)).toEqual(['a sending']);
      await settled();
      expect(server.attempts).toEqual(['file a', 'file a']);
    });
  });
});
