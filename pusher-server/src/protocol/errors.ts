/**
 * Why a connection is closed. 4000–4099: do not come back unchanged; 4100–4199: come back after a second;
 * 4200–4299: come back at once. Pusher protocol, "Error codes"; each value says when this server uses it.
 */
export const CLOSE = {
  /** An app that takes TLS only was reached without. */
  tlsOnly: 4000,
  /** No app has this key, or the app was removed. */
  unknownApp: 4001,
  /** The app is switched off. */
  appDisabled: 4003,
  /** The app has as many connections as it may. */
  overQuota: 4004,
  /** Nothing is served at this path. */
  unknownPath: 4005,
  /** `protocol` is not a whole number. */
  invalidVersion: 4006,
  /** `protocol` is none of 4 to 7. */
  unsupportedProtocol: 4007,
  /** `protocol` is missing and the server is strict about it. */
  noProtocol: 4008,
  /** The page's origin is not allowed, nothing was authorised in time, or the app ended the user's connections. */
  unauthorized: 4009,
  /** This node is full, or the client reads too slowly. */
  overCapacity: 4100,
  /** The server is going away. */
  reconnect: 4200,
  /** A ping was not answered. */
  pongTimeout: 4201,
} as const;

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** Codes of `pusher:error` frames that leave the connection open. Everything without a code of its own is `null`. */
export const ERROR = {
  /** A sign-in that was not accepted. */
  signInRefused: 4009,
  /** More client events a second than the app allows. */
  clientEventRate: 4301,
  /** A watchlist names more users than one connection may watch. */
  watchlistLimit: 4302,
} as const;

/** Why a connection is refused or ended: a close code and the sentence that goes with it. */
export interface Refusal {
  readonly code: CloseCode;
  readonly message: string;
}

/** What a `pusher:error` frame says. */
export interface ProtocolError {
  readonly message: string;
  readonly code: number | null;
}

/** What `pusher:subscription_error` says; types and statuses are SPEC.md S2. */
export interface SubscriptionError {
  readonly type: 'AuthError' | 'InvalidName' | 'LimitReached' | 'TooLarge';
  readonly error: string;
  readonly status: 400 | 401 | 403 | 413;
}
