import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CallLine } from './call-line.ts';
import type { CallView, RingingCall } from './call-types.ts';
import { MediaFailure, type LocalMedia } from './local-media.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ROOM = 'ab'.repeat(16);
const OTHER = 'cd'.repeat(16);
const alice = { name: 'Alice', avatar: '' };
const refusal = (code: string) => Object.assign(new Error(code), { code });
const settled = () => vi.advanceTimersByTimeAsync(0);

/** A connection that is told how it fares. */
function fakeConnection() {
  return {
    connectionState: 'new',
    signalingState: 'stable',
    remoteDescription: null as unknown,
    localDescription: null,
    isClosed: false,
    onconnectionstatechange: null as (() => void) | null,
    addTransceiver: () => undefined,
    getTransceivers: () => [],
    setRemoteDescription(description: unknown) {
      this.remoteDescription = description;
      return Promise.resolve();
    },
    setLocalDescription: () => Promise.resolve(),
    restartIce: () => undefined,
    close() {
      this.isClosed = true;
    },
    becomes(state: string) {
      this.connectionState = state;
      this.onconnectionstatechange?.();
    },
  };
}

/** A page with a line: the server's answers, what the page shows, and what it said to the other side. */
function page() {
  const connections: ReturnType<typeof fakeConnection>[] = [];
  const views: (CallView | null)[] = [];
  const said: object[] = [];
  const listening = new Set<number>();
  const media = { isClosed: false, hasCamera: true, problem: null as MediaFailure | null };
  const api = {
    offer: vi.fn(() => Promise.resolve({ room: ROOM, iceServers: [] })),
    ringing: vi.fn(() => Promise.resolve<{ call: RingingCall | null }>({ call: null })),
    accept: vi.fn(() => Promise.resolve({ iceServers: [] })),
    refuse: vi.fn(() => Promise.resolve()),
    end: vi.fn(() => Promise.resolve()),
    keepAlive: vi.fn(() => Promise.resolve()),
  };
  const local = {
    stream: {},
    track: (kind: string) => (kind === 'audio' || media.hasCamera ? { kind } : null),
    setMicrophone: vi.fn(),
    openCamera: () => Promise.resolve(void (media.hasCamera = true)),
    closeCamera: () => void (media.hasCamera = false),
    close: () => void (media.isClosed = true),
  };
  const line = new CallLine({
    api,
    talk: {
      join(conversationId) {
        listening.add(conversationId);
        return () => void listening.delete(conversationId);
      },
      send: (_conversationId, _event, data) => void said.push(data),
    },
    openMedia(video) {
      if (media.problem !== null) return Promise.reject(media.problem);
      media.hasCamera = video;
      media.isClosed = false;
      return Promise.resolve(local as unknown as LocalMedia);
    },
    connect() {
      const connection = fakeConnection();
      connections.push(connection);
      return connection as unknown as RTCPeerConnection;
    },
    changed: (view) => views.push(view),
  });
  const rings = (room = ROOM, conversationId = 7, kind = 'video') =>
    line.heard('video', { room, conversationId, kind, username: 'Alice', avatar: '' });
  return { line, api, views, said, media, connections, listening, local, rings, now: () => views.at(-1) ?? null };
}

const accepted = { message: { room: ROOM, conversationId: 7 } };
const ended = (reason: string, room = ROOM) => ({ message: { room, conversationId: 7, reason } });

describe('calling', () => {
  test('rings, connects when the other side answers, and hangs up', async () => {
    const { line, api, connections, media, listening, now } = page();
    await line.start(7, 'video', alice);
    expect(api.offer).toHaveBeenCalledWith(7, 'video');
    expect(now()).toMatchObject({ phase: 'ringing', direction: 'out', name: 'Alice', camera: true });
    expect([...listening]).toEqual([7]);
    line.heard('video-accept', accepted);
    expect(now()?.phase).toBe('connecting');
    connections[0]?.becomes('connected');
    expect(now()).toMatchObject({ phase: 'connected', interrupted: false });
    line.hangUp();
    expect(now()).toBeNull();
    expect(api.end).toHaveBeenCalledWith(ROOM);
    expect({ closed: connections[0]?.isClosed, media: media.isClosed, listening: listening.size }).toEqual({
      closed: true,
      media: true,
      listening: 0,
    });
  });

  test.each(['refused', 'missed'])('that is %s says so for a while', async (reason) => {
    const { line, api, now } = page();
    await line.start(7, 'audio', alice);
    line.heard('video-refuse', ended('missed', OTHER));
    expect(now()?.phase).toBe('ringing');
    line.heard('video-refuse', ended(reason));
    expect(now()).toMatchObject({ phase: 'over', ending: reason, local: null });
    expect(api.end).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(now()).toBeNull();
  });

  test('without a microphone asks the server for nothing', async () => {
    const { line, api, media, now } = page();
    media.problem = new MediaFailure('not-allowed');
    await line.start(7, 'audio', alice);
    expect(now()).toMatchObject({ phase: 'over', ending: 'not-allowed' });
    expect(api.offer).not.toHaveBeenCalled();
  });

  test.each([
    ['busy', 'busy'],
    ['conflict', 'unavailable'],
    ['rate_limited', 'too-many'],
    ['', 'unreachable'],
  ])('that the server refuses with %j says why', async (code, ending) => {
    const { line, api, now, media } = page();
    api.offer.mockRejectedValueOnce(refusal(code));
    await line.start(7, 'audio', alice);
    expect(now()).toMatchObject({ phase: 'over', ending });
    expect(media.isClosed).toBe(true);
  });

  test('hung up while the server is asked ends what it answers', async () => {
    const { line, api, now } = page();
    const begun = line.start(7, 'audio', alice);
    await settled();
    line.hangUp();
    await begun;
    expect(now()).toBeNull();
    expect(api.end).toHaveBeenCalledWith(ROOM);
  });

  test('at the same moment as the other side shows the call that came about', async () => {
    const { line, api, rings, now } = page();
    api.offer.mockImplementationOnce(() => {
      rings(OTHER);
      return Promise.reject(refusal('busy'));
    });
    await line.start(7, 'audio', alice);
    expect(now()).toMatchObject({ phase: 'incoming', direction: 'in' });
  });

  test('an answer that overtakes the server’s is not lost', async () => {
    const { line, api, now } = page();
    api.offer.mockImplementationOnce(() => {
      line.heard('video-accept', accepted);
      return Promise.resolve({ room: ROOM, iceServers: [] });
    });
    await line.start(7, 'audio', alice);
    expect(now()?.phase).toBe('connecting');
  });

  test('answered while the page was not connected is found out when it is', async () => {
    const { line, api, now } = page();
    await line.start(7, 'audio', alice);
    api.keepAlive.mockRejectedValueOnce(refusal('conflict'));
    await line.look();
    expect(now()?.phase).toBe('ringing');
    await line.look();
    expect(now()?.phase).toBe('connecting');
  });

  test('a second call is not begun while one goes on', async () => {
    const { line, api } = page();
    await line.start(7, 'audio', alice);
    await line.start(8, 'audio', alice);
    expect(api.offer).toHaveBeenCalledTimes(1);
  });
});

describe('being called', () => {
  test('rings, and connects when it is answered; what was said meanwhile is heard', async () => {
    const { line, api, rings, connections, now } = page();
    rings();
    expect(now()).toMatchObject({ phase: 'incoming', kind: 'video', name: 'Alice' });
    api.accept.mockImplementationOnce(() => {
      line.heard('video-accept', accepted);
      line.heard('client-signal', { room: ROOM, description: { type: 'offer', sdp: 'v=0' } });
      return Promise.resolve({ iceServers: [] });
    });
    await line.accept(false);
    await settled();
    expect(now()).toMatchObject({ phase: 'connecting', camera: false });
    expect(connections[0]?.remoteDescription).toEqual({ type: 'offer', sdp: 'v=0' });
  });

  test('answered in another tab stops ringing here', () => {
    const { line, rings, now } = page();
    rings();
    line.heard('video-accept', accepted);
    expect(now()).toMatchObject({ phase: 'over', ending: 'elsewhere' });
  });

  test('answered in two tabs at once belongs to the one whom the server says', async () => {
    const { line, api, rings, now, media } = page();
    api.accept.mockRejectedValueOnce(refusal('already_claimed'));
    rings();
    await line.accept(true);
    expect(now()).toMatchObject({ phase: 'over', ending: 'elsewhere' });
    expect(media.isClosed).toBe(true);
    expect(api.end).not.toHaveBeenCalled();
  });

  test('is seen by a page that came later; what it cannot ask, it does without', async () => {
    const { line, api, now } = page();
    api.ringing.mockRejectedValueOnce(refusal('unreachable'));
    await line.look();
    await line.look();
    expect(now()).toBeNull();
    api.ringing.mockResolvedValue({
      call: { room: ROOM, conversationId: 7, kind: 'audio', name: 'Alice', avatar: '' },
    });
    await line.look();
    expect(now()).toMatchObject({ phase: 'incoming', conversationId: 7, name: 'Alice' });
    await line.look();
    expect(now()?.phase).toBe('incoming');
  });

  test('withdrawn while the page was not connected stops ringing', async () => {
    const { line, api, rings, now } = page();
    const call = { room: ROOM, conversationId: 7, kind: 'video' as const, name: 'Alice', avatar: '' };
    rings();
    api.ringing.mockResolvedValueOnce({ call });
    await line.look();
    expect(now()).toMatchObject({ phase: 'incoming' });
    await line.look();
    expect(now()).toMatchObject({ phase: 'over', ending: 'missed' });
  });

  test('is refused', () => {
    const { line, api, rings, now } = page();
    rings();
    line.hangUp();
    expect(now()).toBeNull();
    expect(api.refuse).toHaveBeenCalledWith(ROOM);
  });

  test('goes on ringing when the microphone was refused, and can be answered after all', async () => {
    const { line, rings, media, api, now } = page();
    rings();
    media.problem = new MediaFailure('not-allowed');
    await line.accept(true);
    expect(now()).toMatchObject({ phase: 'incoming', problem: 'not-allowed' });
    expect(api.accept).not.toHaveBeenCalled();
    media.problem = null;
    await line.accept(true);
    expect(now()).toMatchObject({ phase: 'connecting', problem: null });
  });

  test('withdrawn while the microphone was asked for leaves nothing open, and is not answered', async () => {
    const { line, api, rings, media, now } = page();
    rings();
    const answered = line.accept(false);
    line.heard('video-refuse', ended('missed'));
    await answered;
    expect(now()).toMatchObject({ phase: 'over', ending: 'missed', local: null });
    expect(media.isClosed).toBe(true);
    expect(api.accept).not.toHaveBeenCalled();
  });

  test('of which nobody knows whether it was answered is ended', async () => {
    const { line, api, rings, now } = page();
    api.accept.mockRejectedValueOnce(refusal('unreachable'));
    rings();
    await line.accept(false);
    expect(now()).toMatchObject({ phase: 'over', ending: 'unreachable' });
    expect(api.end).toHaveBeenCalledWith(ROOM);
  });

  test('stops ringing when the caller gives up, or by itself when that word is lost', async () => {
    const { line, rings, now } = page();
    rings();
    line.heard('video-refuse', ended('missed'));
    expect(now()).toMatchObject({ phase: 'over', ending: 'missed' });
    rings(OTHER);
    expect(now()?.phase).toBe('incoming');
    await vi.advanceTimersByTimeAsync(50_000);
    expect(now()).toMatchObject({ phase: 'over', ending: 'missed' });
  });

  test('what is no call changes nothing', () => {
    const { line, views } = page();
    for (const data of [
      null,
      'x',
      {},
      { room: 5, conversationId: 7, kind: 'audio' },
      { room: ROOM, conversationId: 7 },
    ])
      line.heard('video', data);
    line.heard('video-refuse', { message: null });
    line.heard('cu-event', { message: {} });
    expect(views).toEqual([]);
  });
});

describe('a call that goes on', () => {
  async function talking() {
    const here = page();
    await here.line.start(7, 'video', alice);
    here.line.heard('video-accept', accepted);
    here.connections[0]?.becomes('connected');
    return here;
  }

  test('is kept alive at the server; it ends when the server says that it is over, and only then', async () => {
    const { api, now } = await talking();
    api.keepAlive.mockRejectedValueOnce(refusal('unreachable'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(now()?.phase).toBe('connected');
    api.keepAlive.mockRejectedValueOnce(refusal('conflict'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(now()).toMatchObject({ phase: 'over', ending: 'ended' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(api.keepAlive).toHaveBeenCalledTimes(2);
  });

  test('tells the other side what is on', async () => {
    const { line, said, local, now } = await talking();
    line.setMicrophone(false);
    await line.setCamera(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(local.setMicrophone).toHaveBeenCalledWith(false);
    expect(said.at(-1)).toEqual({ room: ROOM, media: { microphone: false, camera: false } });
    expect(now()).toMatchObject({ microphone: false, camera: false });
    line.heard('client-signal', { room: ROOM, media: { microphone: false, camera: true } });
    expect(now()).toMatchObject({ remoteMicrophone: false, remoteCamera: true });
  });

  test('is lost when the browsers lose each other for good, and the server is told', async () => {
    const { api, connections, now } = await talking();
    connections[0]?.becomes('failed');
    expect(now()).toMatchObject({ phase: 'connected', interrupted: true });
    connections[0]?.becomes('failed');
    expect(now()).toMatchObject({ phase: 'over', ending: 'lost' });
    expect(api.end).toHaveBeenCalledWith(ROOM);
  });

  test('takes no other call, and ends with its page', async () => {
    const { line, api, rings, now } = await talking();
    rings(OTHER, 9);
    expect(now()).toMatchObject({ phase: 'connected', conversationId: 7 });
    line.close();
    expect(api.end).toHaveBeenCalledWith(ROOM);
    expect(now()).toBeNull();
  });
});
