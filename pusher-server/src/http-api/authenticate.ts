import { judgeSignature, type App } from '../apps/app.ts';
import { equalConstantTime, md5Hex } from '../protocol/signature.ts';
import type { RestRequest } from '../transport/uws-http.ts';
import { RestError } from './errors.ts';
import type { SignedQuery } from './signed-query.ts';

/** How far a request's clock may be from ours, in seconds and in both directions. */
const TIMESTAMP_WINDOW_S = 600;
const AUTH_VERSION = '1.0';

/**
 * Checks that a request was signed with a secret of this app, lately, and over these very bytes. Throws a 401 that says
 * what is wrong. Pusher HTTP API, "Authentication"; SPEC.md H3–H7.
 */
export function authenticate(app: App, request: RestRequest, query: SignedQuery, nowMs: number): void {
  const key = required(query.key, 'auth_key');
  const timestamp = required(query.timestamp, 'auth_timestamp');
  const version = required(query.version, 'auth_version');
  const signature = required(query.signature, 'auth_signature');
  if (version !== AUTH_VERSION) throw unauthorized(`Invalid version: auth_version must be ${AUTH_VERSION}`);
  const text = `${request.method}\n${request.path}\n${query.signed}`;
  const verdict = judgeSignature(app, key, ({ secret }) => equalConstantTime(secret.sign(text), signature));
  if (verdict === 'unknown-key') throw unauthorized('Unknown auth_key: it is not a key of this app');
  checkTimestamp(timestamp, nowMs);
  checkBody(request.body, query.bodyMd5);
  if (verdict === 'good') return;
  const shown = JSON.stringify(text);
  throw unauthorized(
    `Invalid signature: you should have sent HmacSHA256Hex(${shown}, your_secret_key), but you sent ${JSON.stringify(signature)}`,
  );
}

function checkTimestamp(timestamp: string, nowMs: number): void {
  if (!/^\d{1,12}$/.test(timestamp)) throw unauthorized('Invalid auth_timestamp: it is a Unix time in seconds');
  const seconds = Number(timestamp);
  if (Math.abs(nowMs / 1_000 - seconds) <= TIMESTAMP_WINDOW_S) return;
  throw unauthorized(
    `Timestamp expired: Given timestamp (${isoSeconds(seconds * 1_000)}) not within ${String(TIMESTAMP_WINDOW_S)}s ` +
      `of server time (${isoSeconds(nowMs)})`,
  );
}

/** The longest times that `Date` can hold are shorter than twelve digits of seconds. */
function isoSeconds(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? 'out of range' : date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function checkBody(body: Buffer, bodyMd5: string | null): void {
  if (bodyMd5 === null) {
    if (body.length > 0) throw unauthorized('Missing parameter: body_md5, since the request has a body');
    return;
  }
  // No secret: whoever sent it knows it.
  if (md5Hex(body) !== bodyMd5) throw unauthorized('Invalid body_md5: it is not that of the body');
}

function required(value: string, name: string): string {
  if (value === '') throw unauthorized(`Missing parameter: ${name}`);
  return value;
}

function unauthorized(message: string): RestError {
  return new RestError(401, message);
}
