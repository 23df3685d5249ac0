import type { MediaProblem } from './call-types.ts';

/** There is no sound, or no picture, to send. */
export class MediaFailure extends Error {
  readonly problem: MediaProblem;

  constructor(problem: MediaProblem, options?: ErrorOptions) {
    super(`no microphone or camera: ${problem}`, options);
    this.problem = problem;
  }
}

const SOUND: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: 'user' };

/** This side's microphone, and its camera while that is on. */
export class LocalMedia {
  readonly #stream: MediaStream;

  constructor(stream: MediaStream) {
    this.#stream = stream;
  }

  get stream(): MediaStream {
    return this.#stream;
  }

  track(kind: 'audio' | 'video'): MediaStreamTrack | null {
    const [track] = kind === 'audio' ? this.#stream.getAudioTracks() : this.#stream.getVideoTracks();
    return track ?? null;
  }

  setMicrophone(on: boolean): void {
    const track = this.track('audio');
    if (track !== null) track.enabled = on;
  }

  /** @throws MediaFailure */
  async openCamera(): Promise<void> {
    if (this.track('video') !== null) return;
    const [picture] = (await ask({ video: PICTURE })).getVideoTracks();
    if (picture !== undefined) this.#stream.addTrack(picture);
  }

  /** Its light goes out: a track that is only switched off would leave it on. */
  closeCamera(): void {
    const track = this.track('video');
    if (track === null) return;
    track.stop();
    this.#stream.removeTrack(track);
  }

  close(): void {
    for (const track of this.#stream.getTracks()) track.stop();
  }
}

/**
 * Asks for the microphone, and for the camera when `video`. Without a camera that works there is sound alone.
 * @throws MediaFailure
 */
export async function openLocalMedia(video: boolean): Promise<LocalMedia> {
  if (!video) return new LocalMedia(await ask({ audio: SOUND }));
  try {
    return new LocalMedia(await ask({ audio: SOUND, video: PICTURE }));
  } catch (error) {
    const { problem } = error as MediaFailure;
    if (problem !== 'no-device' && problem !== 'device-taken') throw error;
    return new LocalMedia(await ask({ audio: SOUND }));
  }
}

async function ask(constraints: MediaStreamConstraints): Promise<MediaStream> {
  // Pages without TLS have no devices at all.
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  if (mediaDevices === undefined) throw new MediaFailure('insecure');
  try {
    return await mediaDevices.getUserMedia(constraints);
  } catch (cause) {
    throw new MediaFailure(problemOf(cause), { cause });
  }
}

function problemOf(error: unknown): MediaProblem {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'not-allowed';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no-device';
    case 'NotReadableError':
    case 'AbortError':
      return 'device-taken';
    default:
      return 'device-broken';
  }
}
