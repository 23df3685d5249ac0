import { hash, timingSafeEqual } from 'node:crypto';
import { SigningKey } from './signing-key.ts';

/** An app's public key and its secret; a secret that is used often is prepared once. */
export interface Credentials {
  readonly key: string;
  readonly secret: string | SigningKey;
}

/** HMAC-SHA256 in lower-case hex, the only signature that the protocol knows. */
export function hmacSha256Hex(secret: string | SigningKey, content: string | Uint8Array): string {
  return (typeof secret === 'string' ? new SigningKey(secret) : secret).sign(content);
}

/** MD5 in lower-case hex: the `body_md5` of a REST request, over the raw bytes. */
export function md5Hex(content: string | Uint8Array): string {
  return hash('md5', content);
}

/** Compares two texts in a time that does not depend on where they differ. */
export function equalConstantTime(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left);
  const rightBytes = Buffer.from(right);
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

/**
 * The `auth` of a subscription, `KEY:hex`. `channelData` is signed byte for byte and is left out for channels without
 * presence. Pusher protocol, "Auth signatures".
 */
export function channelAuth(
  credentials: Credentials,
  socketId: string,
  channel: string,
  channelData: string | null = null,
): string {
  const content = channelData === null ? `${socketId}:${channel}` : `${socketId}:${channel}:${channelData}`;
  return `${credentials.key}:${hmacSha256Hex(credentials.secret, content)}`;
}

/** The `auth` of a sign-in, `KEY:hex`, over `socket_id::user::user_data`. Pusher protocol, "User authentication". */
export function userAuth(credentials: Credentials, socketId: string, userData: string): string {
  return `${credentials.key}:${hmacSha256Hex(credentials.secret, `${socketId}::user::${userData}`)}`;
}

/** The `X-Pusher-Signature` of a webhook, over the exact bytes of its body. */
export function webhookSignature(secret: string | SigningKey, body: string | Uint8Array): string {
  return hmacSha256Hex(secret, body);
}

/** Whether a webhook's signature is that of its body. */
export function isWebhookSignature(secret: string | SigningKey, body: string | Uint8Array, signature: string): boolean {
  return equalConstantTime(webhookSignature(secret, body), signature);
}

/** The text that a REST request signs: method, path as sent, and its query. Pusher HTTP API, "Authentication". */
export function requestSigningText(
  method: string,
  path: string,
  parameters: Iterable<readonly [string, string]>,
): string {
  return `${method}\n${path}\n${canonicalQuery(parameters)}`;
}

/** A query as it is signed: without `auth_signature`, keys in lower case and sorted, values not escaped. */
export function canonicalQuery(parameters: Iterable<readonly [string, string]>): string {
  const lines: [string, string][] = [];
  for (const [name, value] of parameters) {
    const lowerCase = name.toLowerCase();
    if (lowerCase !== 'auth_signature') lines.push([lowerCase, value]);
  }
  lines.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return lines.map(([name, value]) => `${name}=${value}`).join('&');
}
