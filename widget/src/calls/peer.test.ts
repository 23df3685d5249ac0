import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Peer } from './peer.ts';
import type { Signal } from './signals.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface FakeTransceiver {
  receiver: { track: { kind: string } };
  sender: { track: unknown; replaceTrack(track: unknown): Promise<void> };
  direction: string;
}

/** As much of a browser's connection as negotiating needs: states and order of calls as the specification has them. */
class FakeConnection {
  signalingState = 'stable';
  connectionState = 'new';
  localDescription: { type: string; sdp: string; toJSON(): object } | null = null;
  remoteDescription: { type: string; sdp: string } | null = null;
  candidates: string[] = [];
  transceivers: FakeTransceiver[] = [];
  restarts = 0;
  isClosed = false;
  #offers = 0;
  onnegotiationneeded: (() => void) | null = null;
  onicecandidate: ((event: object) => void) | null = null;
  ontrack: ((event: object) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;

  addTransceiver(track: { kind: string } | string): void {
    const kind = typeof track === 'string' ? track : track.kind;
    this.#transceiver(kind, typeof track === 'string' ? null : track);
    this.onnegotiationneeded?.();
  }
  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }
  setLocalDescription(): Promise<void> {
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.#offers += 1;
    const kinds = this.transceivers.map(({ receiver }) => receiver.track.kind).join(' ');
    const description = { type, sdp: `${this.#offers} ${kinds}` };
    this.localDescription = { ...description, toJSON: () => description };
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
    return Promise.resolve();
  }
  setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    if (description.type === 'answer' && this.signalingState !== 'have-local-offer') {
      return Promise.reject(new Error('no offer'));
    }
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    if (description.type !== 'offer' || this.transceivers.length > 0) return Promise.resolve();
    for (const kind of description.sdp.split(' ').slice(1)) {
      const transceiver = this.#transceiver(kind, null);
      this.ontrack?.({ track: transceiver.receiver.track });
    }
    return Promise.resolve();
  }
  addIceCandidate({ candidate }: { candidate: string }): Promise<void> {
    if (this.remoteDescription === null) return Promise.reject(new Error('no description'));
    this.candidates.push(candidate);
    return Promise.resolve();
  }
  restartIce(): void {
    this.restarts += 1;
    this.onnegotiationneeded?.();
  }
  close(): void {
    this.isClosed = true;
  }
  becomes(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
  #transceiver(kind: string, track: unknown): FakeTransceiver {
    const sender = {
      track,
      replaceTrack: (next: unknown) => {
        sender.track = next;
        return Promise.resolve();
      },
    };
    const transceiver = { receiver: { track: { kind } }, sender, direction: 'recvonly' };
    this.transceivers.push(transceiver);
    return transceiver;
  }
}

/** One end, with what it said and how it fares. */
function end(polite: boolean) {
  const connection = new FakeConnection();
  const said: Signal[] = [];
  const states: string[] = [];
  const heard: string[] = [];
  const peer = new Peer({
    polite,
    connection: connection as unknown as RTCPeerConnection,
    track: (kind) => ({ kind, of: polite ? 'callee' : 'caller' }) as unknown as MediaStreamTrack,
    send: (signal) => said.push(signal),
    remote: ({ kind }) => heard.push(kind),
    state: (state) => states.push(state),
  });
  return { peer, connection, said, states, heard };
}

const settled = () => vi.advanceTimersByTimeAsync(0);
const types = (said: Signal[]) => said.map((signal) => ('description' in signal ? signal.description.type : 'other'));

/** Both ends of a call that was answered, each with what the other said. */
async function connected() {
  const [caller, callee] = [end(false), end(true)];
  caller.peer.begin(['audio', 'video']);
  await settled();
  callee.peer.heard(last(caller.said));
  await settled();
  caller.peer.heard(last(callee.said));
  await settled();
  for (const { connection } of [caller, callee]) connection.becomes('connected');
  return { caller, callee };
}

function last(said: Signal[]): Signal {
  const signal = said.at(-1);
  if (signal === undefined) throw new Error('nothing was said');
  return signal;
}

describe('two ends', () => {
  test('find each other: the caller offers, the callee answers with what it has', async () => {
    const { caller, callee } = await connected();
    expect(callee.heard).toEqual(['audio', 'video']);
    expect(types(callee.said)).toEqual(['answer']);
    expect(callee.connection.transceivers.map(({ direction, sender }) => [direction, sender.track])).toEqual([
      ['sendrecv', { kind: 'audio', of: 'callee' }],
      ['sendrecv', { kind: 'video', of: 'callee' }],
    ]);
    expect(caller.connection.signalingState).toBe('stable');
    expect([caller.states, callee.states]).toEqual([['connected'], ['connected']]);
  });

  test('an offer whose answer was lost is made again, and an answer that comes twice is taken once', async () => {
    const [caller, callee] = [end(false), end(true)];
    caller.peer.begin(['audio']);
    await vi.advanceTimersByTimeAsync(3_100);
    expect(types(caller.said).filter((type) => type === 'offer').length).toBeGreaterThanOrEqual(3);
    for (const signal of caller.said.slice(0, 2)) callee.peer.heard(signal);
    await settled();
    for (const signal of callee.said) caller.peer.heard(signal);
    await settled();
    expect(callee.said).toHaveLength(2);
    const before = caller.said.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(caller.said).toHaveLength(before);
    expect(caller.states).toEqual([]);
  });

  test('where both offer at once the callee gives way', async () => {
    const { caller, callee } = await connected();
    caller.connection.restartIce();
    callee.connection.restartIce();
    await settled();
    const [fromCaller, fromCallee] = [last(caller.said), last(callee.said)];
    caller.peer.heard(fromCallee);
    callee.peer.heard(fromCaller);
    await settled();
    expect(caller.connection.signalingState).toBe('have-local-offer');
    expect(types(callee.said).at(-1)).toBe('answer');
    caller.peer.heard(last(callee.said));
    await settled();
    expect([caller.connection.signalingState, callee.connection.signalingState]).toEqual(['stable', 'stable']);
  });

  test('candidates that overtake the description wait for it', async () => {
    const callee = end(true);
    callee.peer.heard({ candidates: [{ candidate: 'first' }] });
    callee.peer.heard({ description: { type: 'offer', sdp: '1 audio' } });
    callee.peer.heard({ candidates: [{ candidate: 'second' }] });
    await settled();
    expect(callee.connection.candidates).toEqual(['first', 'second']);
  });
});

describe('a connection', () => {
  test('that fails is tried once more, by the caller, and lost when that fails too', async () => {
    const { caller, callee } = await connected();
    for (const { connection } of [caller, callee]) connection.becomes('failed');
    expect([caller.connection.restarts, callee.connection.restarts]).toEqual([1, 0]);
    expect(caller.states).toEqual(['connected', 'interrupted']);
    caller.connection.becomes('failed');
    expect(caller.states).toEqual(['connected', 'interrupted', 'lost']);
    expect(caller.connection.isClosed).toBe(true);
  });

  test('that comes back is connected again', async () => {
    const { caller } = await connected();
    caller.connection.becomes('disconnected');
    caller.connection.becomes('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(caller.states).toEqual(['connected', 'interrupted', 'connected']);
  });

  test('that never comes about is lost after twenty seconds', async () => {
    const caller = end(false);
    caller.peer.begin(['audio']);
    await vi.advanceTimersByTimeAsync(19_900);
    expect(caller.states).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(caller.states).toEqual(['lost']);
  });

  test('that was closed says nothing more', async () => {
    const { caller } = await connected();
    caller.peer.close();
    caller.connection.becomes('failed');
    caller.peer.heard({ description: { type: 'offer', sdp: '9 audio' } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(caller.states).toEqual(['connected']);
    expect(types(caller.said)).toEqual(['offer', 'offer']);
  });
});
