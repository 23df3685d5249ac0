import type { Signal } from './signals.ts';

export interface PeerDeps {
  /** The callee's side: where both offer at once, its own offer gives way. */
  polite: boolean;
  connection: RTCPeerConnection;
  /** What this side sends of a kind now; null: nothing yet. */
  track(kind: 'audio' | 'video'): MediaStreamTrack | null;
  send(signal: Signal): void;
  /** Something of the other side's can be heard or seen. */
  remote(track: MediaStreamTrack): void;
  /** `interrupted` may become `connected` again; `lost` is the last word. */
  state(state: 'connected' | 'interrupted' | 'lost'): void;
}

/** An event may be lost with its connection: an offer without an answer is sent again. */
const AGAIN_MS = 1_500;
/** How long two browsers may look for a way to each other, at first and again. */
const CONNECT_MS = 20_000;

/**
 * One end of a call: the "perfect negotiation" of WebRTC's own specification, over a channel that may lose what is sent.
 * The caller restarts ICE once when the connection fails.
 */
export class Peer {
  readonly #deps: PeerDeps;
  readonly #connection: RTCPeerConnection;
  #work: Promise<void> = Promise.resolve();
  #isOffering = false;
  #isTakingAnswer = false;
  #ignoresOffer = false;
  #wasRestarted = false;
  #isClosed = false;
  #early: RTCIceCandidateInit[] = [];
  #again: ReturnType<typeof setInterval> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: PeerDeps) {
    this.#deps = deps;
    const { connection } = deps;
    this.#connection = connection;
    connection.onnegotiationneeded = () => void this.#offer();
    connection.onicecandidate = ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== '') deps.send({ candidates: [candidate.toJSON()] });
    };
    connection.ontrack = ({ track }) => deps.remote(track);
    connection.onconnectionstatechange = () => this.#stateChanged();
    this.#expect(CONNECT_MS);
  }

  /** The caller begins; the callee answers with what it was offered. */
  begin(kinds: readonly ('audio' | 'video')[]): void {
    for (const kind of kinds) {
      this.#connection.addTransceiver(this.#deps.track(kind) ?? kind, { direction: 'sendrecv' });
    }
  }

  /** In the order in which they came. */
  heard(signal: Signal): void {
    this.#work = this.#work
      .then(() => this.#take(signal))
      .catch(() => {
        // Half a negotiation is none.
        this.#lost();
      });
  }

  /** Sends another track of this kind from now on, or nothing. */
  async replace(kind: 'audio' | 'video', track: MediaStreamTrack | null): Promise<void> {
    const transceiver = this.#connection.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
    await transceiver?.sender.replaceTrack(track);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#again);
    clearTimeout(this.#deadline);
    this.#connection.close();
  }

  async #offer(): Promise<void> {
    try {
      this.#isOffering = true;
      await this.#connection.setLocalDescription();
      this.#sendLocal();
      clearInterval(this.#again);
      this.#again = setInterval(() => {
        if (this.#connection.signalingState === 'have-local-offer') this.#sendLocal();
        else clearInterval(this.#again);
      }, AGAIN_MS);
    } catch {
      this.#lost();
    } finally {
      this.#isOffering = false;
    }
  }

  async #take(signal: Signal): Promise<void> {
    if (this.#isClosed) return;
    if ('description' in signal) await this.#describe(signal.description);
    else if ('candidates' in signal) for (const candidate of signal.candidates) await this.#addCandidate(candidate);
  }

  async #describe(description: RTCSessionDescriptionInit): Promise<void> {
    const connection = this.#connection;
    const isOffer = description.type === 'offer';
    // An answer to an offer that was sent twice.
    if (!isOffer && connection.signalingState !== 'have-local-offer') return;
    const isReady = !this.#isOffering && (connection.signalingState === 'stable' || this.#isTakingAnswer);
    this.#ignoresOffer = isOffer && !isReady && !this.#deps.polite;
    if (this.#ignoresOffer) return;
    this.#isTakingAnswer = !isOffer;
    await connection.setRemoteDescription(description);
    this.#isTakingAnswer = false;
    const early = this.#early.splice(0);
    for (const candidate of early) await this.#addCandidate(candidate);
    if (!isOffer) return;
    await this.#attach();
    await connection.setLocalDescription();
    this.#sendLocal();
  }

  /** What this side has goes out where the other asked for it. */
  async #attach(): Promise<void> {
    for (const transceiver of this.#connection.getTransceivers()) {
      const { kind } = transceiver.receiver.track;
      if (kind !== 'audio' && kind !== 'video') continue;
      transceiver.direction = 'sendrecv';
      await transceiver.sender.replaceTrack(this.#deps.track(kind));
    }
  }

  async #addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.#connection.remoteDescription === null) {
      this.#early.push(candidate);
      return;
    }
    try {
      await this.#connection.addIceCandidate(candidate);
    } catch (error) {
      // Those of an offer that was ignored fit nothing; others are one way less, of several.
      if (!this.#ignoresOffer && !(error instanceof Error && error.name === 'OperationError')) throw error;
    }
  }

  #sendLocal(): void {
    const { localDescription } = this.#connection;
    if (localDescription !== null) this.#deps.send({ description: localDescription.toJSON() });
  }

  #stateChanged(): void {
    if (this.#isClosed) return;
    switch (this.#connection.connectionState) {
      case 'connected':
        clearTimeout(this.#deadline);
        return this.#deps.state('connected');
      case 'disconnected':
        return this.#deps.state('interrupted');
      case 'failed':
        return this.#failed();
      default:
        return;
    }
  }

  #failed(): void {
    if (this.#wasRestarted) return this.#lost();
    this.#wasRestarted = true;
    this.#deps.state('interrupted');
    this.#expect(CONNECT_MS);
    // The other side waits for this offer: two at once would be one too many.
    if (!this.#deps.polite) this.#connection.restartIce();
  }

  #expect(withinMs: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#lost(), withinMs);
  }

  #lost(): void {
    if (this.#isClosed) return;
    this.close();
    this.#deps.state('lost');
  }
}
