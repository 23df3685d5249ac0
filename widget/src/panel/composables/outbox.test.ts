import { beforeEach, describe, expect, it, vi } from 'vitest';
import { watch } from 'vue';
import type { ApiMessage } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { ApiFailure } from '../api/http.ts';
import { Pause } from '../pause.ts';
import type { PendingMessage } from '../timeline/rows.ts';
import { Outbox } from './outbox.ts';

/** A server that stores each `clientId` once, and may lose its answers. */
class Server {
  readonly stored: ApiMessage[] = [];
  readonly attempts: string[] = [];
  /** What happens to the next calls: stored and answered when empty. */
  readonly fate: ('unreachable' | 'answer lost' | ApiFailure)[] = [];

  send({ clientId, body }: PendingMessage): Promise<ApiMessage> {
    const text = body.type === 'text' ? body.content.text : 'key' in body.content ? body.content.key : body.type;
    this.attempts.push(text);
    const fate = this.fate.shift();
    if (fate instanceof ApiFailure) return Promise.reject(fate);
    if (fate === 'unreachable') return Promise.reject(new ApiFailure(0, 'unreachable'));
    const known = this.stored.find((message) => message.clientId === clientId);
    const message = known ?? { clientId, seq: this.stored.length + 1, body: { type: 'text', content: { text } } };
    if (!known) this.stored.push(message as ApiMessage);
    if (fate === 'answer lost') return Promise.reject(new ApiFailure(0, 'unreachable'));
    return Promise.resolve(message as ApiMessage);
  }

  texts(): unknown[] {
    return this.stored.map(({ body }) => body.type === 'text' && body.content.text);
  }
}

const words = (text: string) => ({ type: 'text', content: { text } }) as const;
const picture = {
  type: 'image',
  content: { key: '', url: 'blob:1', name: 'a.png', size: 1, width: 4, height: 2 },
} as const;
const stored = { key: 'k1', url: '/files/k1/a.png', name: 'a.png', size: 1, type: 'image/png', width: 4, height: 2 };

const now = new Date('2026-11-22T10:00:00Z');
let server: Server;
let pause: Pause;
let kept: Set<string>;
let acknowledged: number[];
let uploading: string[];
let cancelled: string[];
let renew: () => Promise<void>;

function open(left: PendingMessage[] = []): Outbox {
  return new Outbox(
    {
      send: (message) => server.send(message),
      pause,
      keep: ({ clientId }) => kept.add(clientId),
      drop: (clientId) => kept.delete(clientId),
      stored: ({ seq }) => acknowledged.push(seq),
      renew: () => renew(),
      newestSeq: () => 0,
      upload: ({ clientId }) => uploading.push(clientId),
      cancelUpload: (clientId) => cancelled.push(clientId),
    },
    left,
  );
}

/** Resolves when nothing waits to be sent, cutting every wait short. */
async function settled(outbox: Outbox): Promise<void> {
  const busy = () => outbox.pending.value.some(({ state }) => state.kind === 'sending');
  const hurry = vi.spyOn(pause, 'beforeRetry').mockResolvedValue();
  if (busy()) {
    await new Promise<void>((resolve) => {
      const stop = watch(outbox.pending, () => busy() || (stop(), resolve()), { flush: 'sync' });
    });
  }
  hurry.mockRestore();
}

beforeEach(() => {
  server = new Server();
  pause = new Pause();
  kept = new Set();
  acknowledged = [];
  uploading = [];
  cancelled = [];
  renew = () => Promise.resolve();
});

describe('the outbox', () => {
  it('sends in the order of writing', async () => {
    const outbox = open();
    for (const text of ['1', '2', '3']) outbox.add(words(text), null, now);
    expect(kept.size).toBe(3);
    await settled(outbox);
    expect(server.texts()).toEqual(['1', '2', '3']);
    expect(acknowledged).toEqual([1, 2, 3]);
    expect(kept.size).toBe(0);
  });

  it('loses and doubles nothing while the server comes and goes', async () => {
    server.fate.push('unreachable', 'answer lost', 'unreachable', new ApiFailure(503, 'unknown'), 'answer lost');
    const outbox = open();
    outbox.add(words('1'), null, now);
    outbox.add(words('2'), null, now);
    await settled(outbox);
    expect(server.texts()).toEqual(['1', '2']);
    expect(acknowledged).toEqual([1, 2]);
  });

  it('sends what an earlier page left, under the same name', async () => {
    const first = open();
    server.fate.push('answer lost');
    first.add(words('1'), null, now);
    const left = first.pending.value;
    pause.close();
    pause = new Pause();
    const second = open([...left]);
    second.start();
    await settled(second);
    expect(server.texts()).toEqual(['1']);
    expect(acknowledged).toEqual([1]);
  });

  it('waits as long as a limit says', async () => {
    const waited = vi.spyOn(pause, 'sleep').mockResolvedValue();
    server.fate.push(new ApiFailure(429, 'rate_limited', 60_000));
    const outbox = open();
    outbox.add(words('1'), null, now);
    await vi.waitFor(() => expect(acknowledged).toEqual([1]));
    expect(waited.mock.calls).toEqual([[60_000]]);
  });

  it('asks who we are when the server does not know, and sends again', async () => {
    const renewed = vi.fn(() => Promise.resolve());
    renew = renewed;
    server.fate.push(new ApiFailure(401, 'unauthorized'));
    const outbox = open();
    outbox.add(words('1'), null, now);
    await settled(outbox);
    expect(renewed).toHaveBeenCalledOnce();
    expect(server.texts()).toEqual(['1']);
  });

  it('gives up what is refused, goes on with the rest, and tries it again when asked', async () => {
    server.fate.push(new ApiFailure(422, 'too_long'));
    const outbox = open();
    outbox.add(words('1'), null, now);
    outbox.add(words('2'), null, now);
    await settled(outbox);
    expect(server.texts()).toEqual(['2']);
    const [failed] = outbox.pending.value;
    expect(failed?.state).toEqual({ kind: 'failed', code: 'too_long' });
    outbox.retry(failed?.clientId ?? '');
    await settled(outbox);
    expect(server.texts()).toEqual(['2', '1']);
    expect(outbox.pending.value).toEqual([]);
  });

  it('forgets what the visitor deletes', async () => {
    server.fate.push(new ApiFailure(422, 'too_long'));
    const outbox = open();
    outbox.add(words('1'), null, now);
    await settled(outbox);
    outbox.discard(outbox.pending.value[0]?.clientId ?? '');
    expect(outbox.pending.value).toEqual([]);
    expect(kept.size).toBe(0);
  });

  it('lets words pass while a file is on its way, and keeps the place of the file', async () => {
    const outbox = open();
    outbox.add(picture, new Blob(['x']), now);
    outbox.add(words('2'), null, now);
    const [clientId] = uploading as [string];
    outbox.progress(clientId, 0.4);
    await settled(outbox);
    expect(server.texts()).toEqual(['2']);
    expect(outbox.pending.value.map(({ state }) => state)).toEqual([{ kind: 'uploading', share: 0.4 }]);
    outbox.uploaded(clientId, stored);
    await settled(outbox);
    expect(server.texts()).toEqual(['2', 'k1']);
    expect(outbox.pending.value).toEqual([]);
  });

  it('keeps a file that failed where it was, uploads it again when asked, and forgets it when cancelled', async () => {
    const outbox = open();
    outbox.add(picture, new Blob(['x']), now);
    outbox.add(words('2'), null, now);
    const [clientId] = uploading as [string];
    outbox.uploadFailed(clientId, 'unreachable');
    expect(outbox.pending.value.map(({ state }) => state.kind)).toEqual(['failed', 'sending']);
    await settled(outbox);
    outbox.retry(clientId);
    expect(uploading).toEqual([clientId, clientId]);
    outbox.discard(clientId);
    expect(cancelled).toContain(clientId);
    expect(outbox.pending.value).toEqual([]);
  });

  it('sends files in the order in which they were chosen, whichever is uploaded first', async () => {
    const outbox = open();
    outbox.add(picture, new Blob(['x']), now);
    outbox.add(picture, new Blob(['x']), now);
    outbox.add(picture, new Blob(['x']), now);
    const [first, second, third] = uploading as [string, string, string];
    outbox.uploaded(third, { ...stored, key: 'k3' });
    outbox.uploaded(second, { ...stored, key: 'k2' });
    expect(server.attempts).toEqual([]);
    outbox.uploadFailed(first, 'too_large');
    await settled(outbox);
    expect(server.texts()).toEqual(['k2', 'k3']);
  });

  it('sends as a file what the server does not know for an image', () => {
    const outbox = open();
    outbox.add(picture, new Blob(['x']), now);
    pause.close();
    outbox.uploaded(uploading[0] ?? '', { ...stored, type: 'application/octet-stream', width: null, height: null });
    expect(outbox.pending.value[0]?.body.type).toBe('file');
  });

  it.each([
    ['empty', 0, 'empty_file'],
    ['too large', 18 * 1024 * 1024 + 1, 'too_large'],
  ])('does not even begin with a file that is %s', (_what, size, code) => {
    const outbox = open();
    const file = new Blob(['x']);
    Object.defineProperty(file, 'size', { value: size });
    outbox.add(picture, file, now);
    expect(uploading).toEqual([]);
    expect(outbox.pending.value[0]?.state).toEqual({ kind: 'failed', code });
  });
});
