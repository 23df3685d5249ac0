import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiFile } from '../../../src/front-doors/console-api/wire.ts';
import { ApiError } from '../api/api-error.ts';
import type { UploadWatch } from '../api/form-upload.ts';
import { createUploads, type Uploads } from './uploads.ts';

interface Running {
  watch: UploadWatch;
  end: () => void;
  fail: (error: ApiError) => void;
}

/** By the file's name. */
let running: Map<string, Running>;
let begun: string[];
let heard: string[];
let uploads: Uploads;

const blob = new Blob(['x']);
const settled = () => vi.advanceTimersByTimeAsync(0);
const unreachable = () => new ApiError(0, 'unreachable', 'no answer');

function upload(_file: Blob, name: string, watch: UploadWatch): Promise<ApiFile> {
  begun.push(name);
  return new Promise((resolve, reject) => {
    const end = () => resolve({ key: name, url: '', name, size: 1, type: 'text/plain', width: null, height: null });
    running.set(name, { watch, end, fail: reject });
    watch.signal.addEventListener('abort', () => reject(new ApiError(0, 'aborted', 'given up')));
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  running = new Map();
  begun = [];
  heard = [];
  uploads = createUploads(
    { upload },
    {
      progress: (id, share) => heard.push(`${id} ${share}`),
      uploaded: (id, { key }) => heard.push(`${id} stored as ${key}`),
      failed: (id, code) => heard.push(`${id} failed: ${code}`),
    },
  );
});
afterEach(() => {
  uploads.close();
  vi.useRealTimers();
});

describe('uploads', () => {
  it('go two at a time, in the order of choosing, and tell how far they are', async () => {
    for (const name of ['a', 'b', 'c']) uploads.add(name, blob, name);
    expect(begun).toEqual(['a', 'b']);
    running.get('a')?.watch.progress(0.5);
    running.get('b')?.end();
    await settled();
    expect(begun).toEqual(['a', 'b', 'c']);
    expect(heard).toEqual(['a 0.5', 'b stored as b']);
  });

  it('stop when cancelled, on their way or waiting, and the next begins', async () => {
    for (const name of ['a', 'b', 'c', 'd']) uploads.add(name, blob, name);
    uploads.cancel('c');
    uploads.cancel('a');
    await settled();
    expect(begun).toEqual(['a', 'b', 'd']);
    running.get('a')?.watch.progress(1);
    expect(heard).toEqual([]);
  });

  it('go on by themselves after trouble that passes, at once when the server is back', async () => {
    uploads.add('a', blob, 'a');
    running.get('a')?.fail(unreachable());
    await settled();
    expect(begun).toEqual(['a']);
    uploads.hurry();
    await settled();
    expect(begun).toEqual(['a', 'a']);
    running.get('a')?.end();
    await settled();
    expect(heard).toEqual(['a stored as a']);
  });

  it('are given up when refused, and after five attempts', async () => {
    uploads.add('a', blob, 'a');
    running.get('a')?.fail(new ApiError(413, 'too_large', 'too large'));
    uploads.add('b', blob, 'b');
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      running.get('b')?.fail(unreachable());
      await vi.advanceTimersByTimeAsync(15_000);
    }
    expect(begun.filter((name) => name === 'b')).toHaveLength(5);
    expect(heard).toEqual(['a failed: too_large', 'b failed: unreachable']);
  });
});
