import type { CallEvent } from './call-events.ts';
import type { CallKind, CallView } from './call-types.ts';
import type { LiveCall } from './live-call.ts';
import type { LocalMedia } from './local-media.ts';

/** Whom one calls, or who calls. */
export interface OtherSide {
  name: string;
  avatar: string;
}

/** A call of this page, with all that it holds. */
export interface HeldCall {
  view: CallView;
  /** Null until the server has given it. */
  room: string | null;
  local: LocalMedia | null;
  live: LiveCall | null;
  iceServers: RTCIceServer[];
  /** What came before the room was known, and before there was somebody to take the other side's signals. */
  readonly earlyEvents: CallEvent[];
  readonly earlySignals: unknown[];
  leaveTalk(): void;
}

export function newHeldCall(
  call: { direction: 'in' | 'out'; conversationId: number; kind: CallKind; other: OtherSide },
  leaveTalk: () => void,
): HeldCall {
  const { direction, conversationId, kind, other } = call;
  return {
    view: {
      phase: direction === 'in' ? 'incoming' : 'preparing',
      direction,
      conversationId,
      kind,
      name: other.name,
      avatar: other.avatar,
      local: null,
      remote: null,
      microphone: true,
      camera: false,
      remoteMicrophone: true,
      remoteCamera: false,
      connectedAt: null,
      interrupted: false,
      problem: null,
      ending: null,
    },
    room: null,
    local: null,
    live: null,
    iceServers: [],
    earlyEvents: [],
    earlySignals: [],
    leaveTalk,
  };
}
