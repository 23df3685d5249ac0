import type { HttpRequest } from 'uWebSockets.js';

/** What a client says of itself when it connects; `key` is `null` on a path that is not served. */
export interface SocketRequest {
  readonly key: string | null;
  readonly query: string;
  readonly origin: string;
  readonly secure: boolean;
}

export interface SocketRequestOptions {
  readonly tls: boolean;
  readonly trustProxy: boolean;
}

/** Reads a request while it can be read. `key` is the path's, as sent. */
export function socketRequest(req: HttpRequest, key: string | null, options: SocketRequestOptions): SocketRequest {
  const forwarded = options.trustProxy ? req.getHeader('x-forwarded-proto') : '';
  // The types promise a string, the library gives `undefined` where there is no query.
  const query: string | undefined = req.getQuery();
  return {
    key: key === null ? null : decodeKey(key),
    query: query ?? '',
    origin: req.getHeader('origin'),
    secure: options.tls || /^(https|wss)\b/.test(forwarded),
  };
}

/** Keys are plain text; one that cannot be decoded is unknown as it stands. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
