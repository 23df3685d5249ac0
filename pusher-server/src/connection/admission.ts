import type { App } from '../apps/app.ts';
import { CLOSE, type Refusal } from '../protocol/errors.ts';

/** What a client says of itself when it connects. */
export interface UpgradeRequest {
  /** The app key in the path; `null` when the path is not one that is served. */
  readonly key: string | null;
  /** The query as it was sent, without its question mark. */
  readonly query: string;
  readonly origin: string;
  readonly secure: boolean;
}

/** What is kept of anything that a client calls itself by. */
const MAX_CLIENT_TEXT = 64;
const MAX_ORIGIN = 256;

/** What a client calls itself and where its page is from, for those who look at the list of connections. */
export function introductionOf(request: UpgradeRequest): { readonly client: string; readonly origin: string } {
  const query = new URLSearchParams(request.query);
  const client = `${query.get('client') ?? ''} ${query.get('version') ?? ''}`.trim();
  return { client: client.slice(0, MAX_CLIENT_TEXT), origin: request.origin.slice(0, MAX_ORIGIN) };
}

const OLDEST_PROTOCOL = 4;
const NEWEST_PROTOCOL = 7;

/**
 * Whether the request itself can be served, before its app is looked up. Pusher protocol, "Connection" and "Error
 * codes"; SPEC.md C2–C4.
 */
export function checkRequest(request: UpgradeRequest, strictProtocol: boolean): Refusal | null {
  if (request.key === null) return { code: CLOSE.unknownPath, message: 'Path not found' };
  const protocol = new URLSearchParams(request.query).get('protocol');
  if (protocol === null || protocol === '') {
    return strictProtocol ? { code: CLOSE.noProtocol, message: 'No protocol version supplied' } : null;
  }
  if (!/^\d{1,9}$/.test(protocol)) {
    return { code: CLOSE.invalidVersion, message: 'Invalid version string format: protocol is a whole number' };
  }
  const version = Number(protocol);
  if (version >= OLDEST_PROTOCOL && version <= NEWEST_PROTOCOL) return null;
  return {
    code: CLOSE.unsupportedProtocol,
    message: `Unsupported protocol version ${String(version)}: this server speaks ${String(OLDEST_PROTOCOL)} to ${String(NEWEST_PROTOCOL)}`,
  };
}

/** How full the app and this node are, and how full this node may be. */
export interface Occupancy {
  /** On all nodes, as far as is known here. */
  readonly appConnections: number;
  readonly nodeConnections: number;
  readonly maxNodeConnections: number;
}

/** Whether an app takes this connection. SPEC.md C5–C7. */
export function checkApp(app: App | null, request: UpgradeRequest, occupancy: Occupancy): Refusal | null {
  if (app === null) {
    return { code: CLOSE.unknownApp, message: `App key ${request.key?.slice(0, 40) ?? ''} does not exist` };
  }
  if (!app.settings.enabled) return { code: CLOSE.appDisabled, message: 'The app is disabled' };
  if (app.settings.tlsOnly && !request.secure) {
    return { code: CLOSE.tlsOnly, message: 'The app takes only connections over TLS' };
  }
  if (!isAllowedOrigin(app.settings.allowedOrigins, request.origin)) {
    return { code: CLOSE.unauthorized, message: 'The origin is not allowed' };
  }
  if (occupancy.appConnections >= app.maxConnections) {
    return { code: CLOSE.overQuota, message: 'The app is over its connection quota' };
  }
  if (occupancy.nodeConnections >= occupancy.maxNodeConnections) {
    return { code: CLOSE.overCapacity, message: 'The server is over capacity' };
  }
  return null;
}

/**
 * An entry is `*`, an origin (`https://shop.example`), a host, or a host with `*.` before it. Programs that are no
 * browser send no origin, and this check is not about them.
 */
export function isAllowedOrigin(allowed: readonly string[], origin: string): boolean {
  if (origin === '' || allowed.includes('*') || allowed.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return allowed.some((entry) =>
    entry.startsWith('*.') ? hostname.endsWith(entry.slice(1)) : entry.toLowerCase() === hostname,
  );
}
