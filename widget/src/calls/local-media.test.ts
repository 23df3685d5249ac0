import { afterEach, describe, expect, test, vi } from 'vitest';
import { openLocalMedia } from './local-media.ts';

afterEach(() => void vi.unstubAllGlobals());

interface Track {
  kind: 'audio' | 'video';
  enabled: boolean;
  isStopped: boolean;
  stop(): void;
}

function track(kind: Track['kind']): Track {
  return {
    kind,
    enabled: true,
    isStopped: false,
    stop() {
      this.isStopped = true;
    },
  };
}

function stream(tracks: Track[]) {
  return {
    getTracks: () => tracks,
    getAudioTracks: () => tracks.filter(({ kind }) => kind === 'audio'),
    getVideoTracks: () => tracks.filter(({ kind }) => kind === 'video'),
    addTrack: (added: Track) => void tracks.push(added),
    removeTrack: (gone: Track) => void tracks.splice(tracks.indexOf(gone), 1),
  };
}

const named = (name: string) => Object.assign(new Error(name), { name });

/** A browser whose devices fail as told; null: they work. */
function browserWith({
  microphone = null,
  camera = null,
}: { microphone?: string | null; camera?: string | null } = {}) {
  const given: Track[] = [];
  const getUserMedia = ({ audio, video }: { audio?: unknown; video?: unknown }) => {
    const failure = (audio ? microphone : null) ?? (video ? camera : null);
    if (failure !== null) return Promise.reject(named(failure));
    const tracks = [...(audio ? [track('audio')] : []), ...(video ? [track('video')] : [])];
    given.push(...tracks);
    return Promise.resolve(stream(tracks));
  };
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
  return given;
}

const problemOf = (opening: Promise<unknown>) =>
  opening.then(
    () => null,
    (error: unknown) => (error as { problem: string }).problem,
  );

describe('microphone and camera', () => {
  test('are opened as the call needs them, and closed with it', async () => {
    const given = browserWith();
    const voice = await openLocalMedia(false);
    expect([voice.track('audio') !== null, voice.track('video')]).toEqual([true, null]);
    const video = await openLocalMedia(true);
    expect(video.track('video')).not.toBeNull();
    voice.close();
    video.close();
    expect(given.every(({ isStopped }) => isStopped)).toBe(true);
  });

  test('a camera that is turned off is let go, and asked for anew', async () => {
    const given = browserWith();
    const media = await openLocalMedia(true);
    media.closeCamera();
    expect([media.track('video'), given[1]?.isStopped]).toEqual([null, true]);
    await media.openCamera();
    await media.openCamera();
    expect(given.filter(({ kind }) => kind === 'video')).toHaveLength(2);
    media.setMicrophone(false);
    expect(given[0]).toMatchObject({ enabled: false, isStopped: false });
  });

  test.each(['NotFoundError', 'NotReadableError'])('without a camera (%s) there is sound alone', async (camera) => {
    browserWith({ camera });
    const media = await openLocalMedia(true);
    expect([media.track('audio') !== null, media.track('video')]).toEqual([true, null]);
    expect(await problemOf(media.openCamera())).toMatch(/no-device|device-taken/);
  });

  test.each([
    ['NotAllowedError', 'not-allowed'],
    ['SecurityError', 'not-allowed'],
    ['NotFoundError', 'no-device'],
    ['NotReadableError', 'device-taken'],
    ['TypeError', 'device-broken'],
  ])('%s is %s', async (microphone, problem) => {
    browserWith({ microphone });
    expect(await problemOf(openLocalMedia(false))).toBe(problem);
  });

  test('a page without TLS has none', async () => {
    vi.stubGlobal('navigator', {});
    expect(await problemOf(openLocalMedia(true))).toBe('insecure');
  });
});
