import type { CallKind } from './call-types.ts';
import type { LocalMedia } from './local-media.ts';
import { Peer } from './peer.ts';
import { SignalSender } from './signal-sender.ts';
import { SignalReader, type Packet, type Signal } from './signals.ts';

export interface LiveCallDeps {
  room: string;
  kind: CallKind;
  /** This side was called. */
  answers: boolean;
  local: LocalMedia;
  iceServers: RTCIceServer[];
  connect: (configuration: RTCConfiguration) => RTCPeerConnection;
  send: (packet: Packet) => void;
  happened: (event: LiveEvent) => void;
}

const TELL_EVERY_MS = 5_000;

export type LiveEvent =
  | { kind: 'state'; state: 'connected' | 'interrupted' | 'lost' }
  | { kind: 'remote'; stream: MediaStream }
  | { kind: 'remote-media'; microphone: boolean; camera: boolean };

/** A call that was answered: what this side sends, what it hears, and how the two find each other. */
export class LiveCall {
  readonly #deps: LiveCallDeps;
  readonly #sender: SignalSender;
  readonly #reader: SignalReader;
  readonly #peer: Peer;
  readonly #remote = new Map<string, MediaStreamTrack>();
  #microphone = true;
  #telling: ReturnType<typeof setInterval> | undefined;

  constructor(deps: LiveCallDeps) {
    this.#deps = deps;
    this.#sender = new SignalSender(deps.room, deps.send);
    this.#reader = new SignalReader(deps.room);
    this.#peer = new Peer({
      polite: deps.answers,
      connection: deps.connect({ iceServers: deps.iceServers }),
      track: (kind) => deps.local.track(kind),
      send: (signal) => this.#send(signal),
      remote: (track) => this.#arrived(track),
      state: (state) => {
        if (state === 'connected') this.#keepTelling();
        deps.happened({ kind: 'state', state });
      },
    });
    if (!deps.answers) this.#peer.begin(deps.kind === 'video' ? ['audio', 'video'] : ['audio']);
  }

  /** Data of a `client-signal`, whosever call it belongs to. */
  heard(data: unknown): void {
    const signal = this.#reader.read(data);
    if (signal === null) return;
    if ('media' in signal) this.#deps.happened({ kind: 'remote-media', ...signal.media });
    else this.#peer.heard(signal);
  }

  setMicrophone(on: boolean): void {
    this.#microphone = on;
    this.#deps.local.setMicrophone(on);
    this.#tellMedia();
  }

  /** @throws MediaFailure when it cannot be opened */
  async setCamera(on: boolean): Promise<void> {
    const { local } = this.#deps;
    if (on) await local.openCamera();
    else local.closeCamera();
    await this.#peer.replace('video', local.track('video'));
    this.#tellMedia();
  }

  close(): void {
    clearInterval(this.#telling);
    this.#sender.close();
    this.#peer.close();
  }

  #send(signal: Signal): void {
    this.#sender.send(signal);
  }

  /** A word that was lost would leave a picture hidden, or somebody talking to a muted one. */
  #keepTelling(): void {
    this.#tellMedia();
    clearInterval(this.#telling);
    this.#telling = setInterval(() => this.#tellMedia(), TELL_EVERY_MS);
  }

  #tellMedia(): void {
    const camera = this.#deps.local.track('video') !== null;
    this.#send({ media: { microphone: this.#microphone, camera } });
  }

  /** One stream of one track a kind; a new one each time, so that whoever plays it notices. */
  #arrived(track: MediaStreamTrack): void {
    this.#remote.set(track.kind, track);
    this.#deps.happened({ kind: 'remote', stream: new MediaStream([...this.#remote.values()]) });
  }
}
