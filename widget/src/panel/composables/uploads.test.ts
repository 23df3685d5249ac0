import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiFile } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { ApiFailure } from '../api/http.ts';
import { Pause } from '../pause.ts';
import { Uploads } from './uploads.ts';

/** What was begun and how to end it, by the file's name. */
let running: Map<string, { answer: (file: ApiFile) => void; fail: (error: unknown) => void; signal: AbortSignal }>;
let begun: string[];
let heard: string[];
let uploads: Uploads;

const blob = new Blob(['x']);
const stored = (key: string) => ({ key, url: `/files/${key}/x`, name: 'x', size: 1 }) as ApiFile;
const end = (name: string) => running.get(name);

beforeEach(() => {
  running = new Map();
  begun = [];
  heard = [];
  const pause = new Pause();
  vi.spyOn(pause, 'sleep').mockResolvedValue();
  uploads = new Uploads({
    pause,
    upload(_file, name, progress, signal) {
      begun.push(name);
      progress(0.5);
      return new Promise((answer, fail) => {
        running.set(name, { answer, fail, signal });
        signal.addEventListener('abort', () => fail(new ApiFailure(0, 'aborted')));
      });
    },
    renew() {
      heard.push('renew');
      return Promise.resolve();
    },
    progress: (clientId, share) => heard.push(`${clientId} ${share}`),
    uploaded: (clientId, { key }) => heard.push(`${clientId} stored as ${key}`),
    failed: (clientId, code) => heard.push(`${clientId} failed: ${code}`),
  });
});

describe('uploads', () => {
  it('go two at a time, in the order of choosing', async () => {
    for (const name of ['a', 'b', 'c', 'd']) uploads.add(name, blob, name);
    expect(begun).toEqual(['a', 'b']);
    end('b')?.answer(stored('k2'));
    await vi.waitFor(() => expect(begun).toEqual(['a', 'b', 'c']));
    end('a')?.answer(stored('k1'));
    await vi.waitFor(() => expect(begun).toEqual(['a', 'b', 'c', 'd']));
    expect(heard.filter((word) => word.includes('stored'))).toEqual(['b stored as k2', 'a stored as k1']);
  });

  it('stop when cancelled, on their way or waiting, and the next begins', async () => {
    for (const name of ['a', 'b', 'c', 'd']) uploads.add(name, blob, name);
    uploads.cancel('c');
    uploads.cancel('a');
    expect(end('a')?.signal.aborted).toBe(true);
    await vi.waitFor(() => expect(begun).toEqual(['a', 'b', 'd']));
    expect(heard).not.toContainEqual(expect.stringContaining('a failed'));
  });

  it('go on by themselves after trouble that passes', async () => {
    uploads.add('a', blob, 'a');
    end('a')?.fail(new ApiFailure(0, 'unreachable'));
    await vi.waitFor(() => expect(begun).toHaveLength(2));
    end('a')?.fail(new ApiFailure(401, 'token_required'));
    await vi.waitFor(() => expect(begun).toHaveLength(3));
    end('a')?.answer(stored('k'));
    await vi.waitFor(() => expect(heard.at(-1)).toBe('a stored as k'));
    expect(heard).toContain('renew');
  });

  it('are given up when refused, or after five attempts, and can be added again', async () => {
    uploads.add('a', blob, 'a');
    end('a')?.fail(new ApiFailure(413, 'too_large'));
    await vi.waitFor(() => expect(heard.at(-1)).toBe('a failed: too_large'));
    uploads.add('a', blob, 'a');
    for (let attempt = 2; attempt <= 6; attempt += 1) {
      await vi.waitFor(() => expect(begun).toHaveLength(attempt));
      end('a')?.fail(new ApiFailure(0, 'unreachable'));
    }
    await vi.waitFor(() => expect(heard.at(-1)).toBe('a failed: unreachable'));
  });
});
