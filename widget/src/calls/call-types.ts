export type CallKind = 'audio' | 'video';

/** What the server is told of calls. Each rejects with an error that has a `code` where the server refused. */
export interface CallApi {
  offer(conversationId: number, kind: CallKind): Promise<{ room: string; iceServers: RTCIceServer[] }>;
  /** What rings here now. */
  ringing(): Promise<{ call: RingingCall | null }>;
  accept(room: string): Promise<{ iceServers: RTCIceServer[] }>;
  refuse(room: string): Promise<unknown>;
  end(room: string): Promise<unknown>;
  /** The call goes on. */
  keepAlive(room: string): Promise<unknown>;
}

export interface RingingCall {
  room: string;
  conversationId: number;
  kind: CallKind;
  /** Who calls. */
  name: string;
  avatar: string;
}

/** What goes between the two pages past the server's store: client events of the conversation's own channel. */
export interface Talk {
  /** Listens to it from now on. @returns stops, once, however often it is called */
  join(conversationId: number): () => void;
  /** Lost while the channel is not joined, or there is no connection. */
  send(conversationId: number, event: string, data: object): void;
}

/** Why there is no microphone, or no camera. */
export type MediaProblem = 'insecure' | 'not-allowed' | 'no-device' | 'device-taken' | 'device-broken';

/** Why a call that is not there any more ended, or never began. */
export type Ending =
  | 'ended'
  | 'refused'
  | 'missed'
  /** Answered in another tab. */
  | 'elsewhere'
  /** The browsers did not find each other, or lost each other. */
  | 'lost'
  | 'busy'
  /** Nobody is there, or the business takes no such calls. */
  | 'unavailable'
  | 'too-many'
  | 'unreachable'
  | MediaProblem;

/** One call as a page shows it. */
export interface CallView {
  /**
   * `preparing`: devices and server are asked; `ringing`: the other side hears it; `incoming`: this side does;
   * `answering`, `connecting`, `connected`; `over`: `ending` says why, for a few seconds.
   */
  phase: 'preparing' | 'ringing' | 'incoming' | 'answering' | 'connecting' | 'connected' | 'over';
  direction: 'in' | 'out';
  conversationId: number;
  kind: CallKind;
  /** Who is on the other side. */
  name: string;
  avatar: string;
  local: MediaStream | null;
  remote: MediaStream | null;
  /** Whether they are on. */
  microphone: boolean;
  camera: boolean;
  remoteMicrophone: boolean;
  remoteCamera: boolean;
  /** On the clock of `performance.now()`; null before the two were connected. */
  connectedAt: number | null;
  /** The connection is broken and may come back. */
  interrupted: boolean;
  /** Why the last attempt to answer or to turn the camera on failed; the call goes on. */
  problem: MediaProblem | null;
  ending: Ending | null;
}
