import { asCallEvent, type CallEvent, type CallOffer } from './call-events.ts';
import type { CallApi, CallKind, CallView, Ending, Talk } from './call-types.ts';
import { newHeldCall, type HeldCall, type OtherSide } from './held-call.ts';
import { LiveCall, type LiveEvent } from './live-call.ts';
import { MediaFailure, type LocalMedia } from './local-media.ts';
import { codeOf, endingOf } from './refusals.ts';
import { SIGNAL_EVENT } from './signals.ts';

export interface CallLineDeps {
  api: CallApi;
  talk: Talk;
  /** @throws MediaFailure */
  openMedia(video: boolean): Promise<LocalMedia>;
  connect(configuration: RTCConfiguration): RTCPeerConnection;
  /** What is to be shown now; null: no call. */
  changed(view: CallView | null): void;
}

/** The server gives up after 45 s, and says so; that word may be lost. */
const RING_MS = 50_000;
/** Well within the minute after which the server takes a silent call for over. */
const ALIVE_EVERY_MS = 20_000;
const SHOW_ENDING_MS = 5_000;

/** A page's one line: makes, takes and ends calls, one at a time. Everything it is told it may be told at any moment. */
export class CallLine {
  readonly #deps: CallLineDeps;
  #held: HeldCall | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #alive: ReturnType<typeof setInterval> | undefined;

  constructor(deps: CallLineDeps) {
    this.#deps = deps;
  }

  /** Calls the other side of a conversation. Resolves when it rings there, or cannot. */
  async start(conversationId: number, kind: CallKind, callee: OtherSide): Promise<void> {
    if (this.#held !== null && this.#held.view.phase !== 'over') return;
    const held = this.#hold('out', conversationId, kind, callee);
    try {
      if (!(await this.#open(held, kind === 'video'))) return;
      const { room, iceServers } = await this.#deps.api.offer(conversationId, kind);
      // Hung up meanwhile: nobody shall hear it ring.
      if (!this.#isOn(held)) return this.#quietly(this.#deps.api.end(room));
      held.room = room;
      held.iceServers = iceServers;
      this.#show(held, { phase: 'ringing' });
      this.#later(RING_MS, () => this.#giveUp(held));
      for (const event of held.earlyEvents.splice(0)) this.#take(event);
    } catch (error) {
      if (held !== this.#held) return;
      this.#over(held, endingOf(error));
      // Both called at once: this side's call was one too many, and the other's rings.
      const other = held.earlyEvents.find((event) => event.kind === 'offer');
      if (other !== undefined && codeOf(error) === 'busy') this.#offered(other);
    }
  }

  /** The page has just come, or was not connected: what was told meanwhile is asked for. */
  async look(): Promise<void> {
    const { api } = this.#deps;
    const held = this.#held;
    try {
      if (held?.view.phase === 'ringing' && held.room !== null) {
        // Only a call that was answered can go on.
        await api.keepAlive(held.room);
        if (this.#isOn(held) && held.live === null) this.#connect(held);
      } else if (held === null || held.view.phase === 'incoming') {
        const { call } = await api.ringing();
        if (held !== null && held.view.phase === 'incoming' && call?.room !== held.room) this.#over(held, 'missed');
        if (call !== null) this.#offered({ ...call, callKind: call.kind, kind: 'offer' });
      }
    } catch (error) {
      // Without an answer everything stays as it is known.
      if (!(error instanceof Error)) throw error;
    }
  }

  /** Every event that this page hears on its channels. */
  heard(name: string, data: unknown): void {
    if (name === SIGNAL_EVENT) return this.#signalled(data);
    const event = asCallEvent(name, data);
    if (event === null) return;
    const held = this.#held;
    // The room is not known here before the server has answered.
    if (held?.view.phase === 'preparing') held.earlyEvents.push(event);
    else this.#take(event);
  }

  /** Answers, with the camera on when `video`. What stands in the way is said, and may be tried again. */
  async accept(video: boolean): Promise<void> {
    const held = this.#held;
    if (held === null || held.room === null || held.view.phase !== 'incoming') return;
    this.#show(held, { phase: 'answering', problem: null });
    const { room } = held;
    try {
      if (!(await this.#open(held, video && held.view.kind === 'video'))) return;
      const { iceServers } = await this.#deps.api.accept(room);
      if (!this.#isOn(held)) return this.#quietly(this.#deps.api.end(room));
      held.iceServers = iceServers;
      this.#connect(held);
    } catch (error) {
      if (!this.#isOn(held)) return;
      if (error instanceof MediaFailure) return this.#show(held, { phase: 'incoming', problem: error.problem });
      const isTaken = ['already_claimed', 'conflict'].includes(codeOf(error));
      // Whether it was answered is not known: whoever calls need not wait for it.
      if (!isTaken) this.#quietly(this.#deps.api.end(room));
      this.#over(held, codeOf(error) === 'conflict' ? 'missed' : endingOf(error));
    }
  }

  /** Does not answer, withdraws, or hangs up. */
  hangUp(): void {
    const held = this.#held;
    if (held === null) return;
    const { room } = held;
    const isIncoming = held.view.phase === 'incoming';
    this.#drop(held);
    if (room !== null && held.view.phase !== 'over') {
      this.#quietly(isIncoming ? this.#deps.api.refuse(room) : this.#deps.api.end(room));
    }
  }

  setMicrophone(on: boolean): void {
    const held = this.#held;
    if (held === null) return;
    held.local?.setMicrophone(on);
    held.live?.setMicrophone(on);
    this.#show(held, { microphone: on });
  }

  async setCamera(on: boolean): Promise<void> {
    const held = this.#held;
    if (held === null || held.local === null) return;
    let problem: CallView['problem'] = null;
    try {
      if (held.live !== null) await held.live.setCamera(on);
      else if (on) await held.local.openCamera();
      else held.local.closeCamera();
    } catch (error) {
      if (!(error instanceof MediaFailure)) throw error;
      ({ problem } = error);
    }
    if (!this.#isOn(held)) return held.local.close();
    this.#show(held, { camera: held.local.track('video') !== null, problem });
  }

  /** The page goes: nothing is shown any more, and the other side need not wait. */
  close(): void {
    this.hangUp();
  }

  #hold(direction: 'in' | 'out', conversationId: number, kind: CallKind, other: OtherSide): HeldCall {
    if (this.#held !== null) this.#drop(this.#held);
    const held = newHeldCall({ direction, conversationId, kind, other }, this.#deps.talk.join(conversationId));
    this.#held = held;
    this.#deps.changed(held.view);
    return held;
  }

  /** Asking people for their devices takes time: false when the call is over by then. @throws MediaFailure */
  async #open(held: HeldCall, video: boolean): Promise<boolean> {
    const local = held.local ?? (await this.#deps.openMedia(video));
    if (!this.#isOn(held)) {
      local.close();
      return false;
    }
    held.local = local;
    this.#show(held, { local: local.stream, camera: local.track('video') !== null });
    return true;
  }

  #isOn(held: HeldCall): boolean {
    return held === this.#held && held.view.phase !== 'over';
  }

  #take(event: CallEvent): void {
    const held = this.#held;
    if (event.kind === 'offer') return this.#offered(event);
    if (held === null || held.room !== event.room || held.view.phase === 'over') return;
    if (event.kind === 'ended') return this.#over(held, event.reason);
    // One's own word comes back too: the answer to it says who won.
    if (held.view.phase === 'incoming') this.#over(held, 'elsewhere');
    else if (held.view.phase === 'ringing') this.#connect(held);
  }

  #offered({ room, conversationId, callKind, name, avatar }: CallOffer): void {
    if (this.#held !== null && this.#held.view.phase !== 'over') return;
    const held = this.#hold('in', conversationId, callKind, { name, avatar });
    held.room = room;
    this.#later(RING_MS, () => this.#over(held, 'missed'));
  }

  #connect(held: HeldCall): void {
    const { room, local } = held;
    if (room === null || local === null) return;
    clearTimeout(this.#timer);
    this.#show(held, { phase: 'connecting' });
    held.live = new LiveCall({
      room,
      kind: held.view.kind,
      answers: held.view.direction === 'in',
      local,
      iceServers: held.iceServers,
      connect: (configuration) => this.#deps.connect(configuration),
      send: (packet) => this.#deps.talk.send(held.view.conversationId, SIGNAL_EVENT, packet),
      happened: (event) => this.#happened(held, event),
    });
    if (!held.view.microphone) held.live.setMicrophone(false);
    for (const data of held.earlySignals.splice(0)) held.live.heard(data);
    this.#alive = setInterval(() => void this.#sayAlive(held, room), ALIVE_EVERY_MS);
  }

  #signalled(data: unknown): void {
    const held = this.#held;
    if (held === null) return;
    if (held.live !== null) held.live.heard(data);
    else if (held.view.phase === 'answering') held.earlySignals.push(data);
  }

  #happened(held: HeldCall, event: LiveEvent): void {
    if (held !== this.#held) return;
    switch (event.kind) {
      case 'remote':
        return this.#show(held, { remote: event.stream });
      case 'remote-media':
        return this.#show(held, { remoteMicrophone: event.microphone, remoteCamera: event.camera });
      case 'state':
        if (event.state === 'lost') return this.#giveUp(held);
        return this.#show(
          held,
          event.state === 'interrupted'
            ? { interrupted: true }
            : {
                phase: 'connected',
                interrupted: false,
                connectedAt: held.view.connectedAt ?? performance.now(),
              },
        );
    }
  }

  async #sayAlive(held: HeldCall, room: string): Promise<void> {
    try {
      await this.#deps.api.keepAlive(room);
    } catch (error) {
      // Without an answer it goes on: the two talk past the server.
      if (['conflict', 'not_found'].includes(codeOf(error))) this.#over(held, 'ended');
    }
  }

  /** The two cannot talk, and the server is told so: nobody is left waiting. */
  #giveUp(held: HeldCall): void {
    if (held !== this.#held) return;
    const ending = held.view.phase === 'ringing' ? 'missed' : 'lost';
    if (held.room !== null) this.#quietly(this.#deps.api.end(held.room));
    this.#over(held, ending);
  }

  #over(held: HeldCall, ending: Ending): void {
    if (!this.#isOn(held)) return;
    this.#release(held);
    this.#show(held, { phase: 'over', ending, local: null, remote: null });
    this.#later(SHOW_ENDING_MS, () => this.#drop(held));
  }

  #drop(held: HeldCall): void {
    if (held !== this.#held) return;
    this.#release(held);
    this.#held = null;
    this.#deps.changed(null);
  }

  #release(held: HeldCall): void {
    clearTimeout(this.#timer);
    clearInterval(this.#alive);
    held.live?.close();
    held.local?.close();
    held.leaveTalk();
  }

  #show(held: HeldCall, change: Partial<CallView>): void {
    if (held !== this.#held) return;
    held.view = { ...held.view, ...change };
    this.#deps.changed(held.view);
  }

  #later(ms: number, job: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(job, ms);
  }

  /** What comes of it nobody waits for: the server ends by itself what it was not told of. */
  #quietly(telling: Promise<unknown>): void {
    telling.catch(() => undefined);
  }
}
