import { STATUS_CODES } from 'node:http';
import { DomainError, type DomainErrorCode } from '../../domain/errors.ts';
import { InvalidInput } from '../decode.ts';
import { refusedStatus } from '../front-door.ts';
import { RealtimeUnavailable } from './realtime-inspector.ts';
import type { ApiProblem } from './wire.ts';

/** The one table from the domain's refusals to HTTP. */
const STATUS: Record<DomainErrorCode, number> = {
  not_found: 404,
  forbidden: 403,
  unauthorized: 401,
  invalid: 422,
  too_long: 422,
  empty_message: 422,
  business_closed: 403,
  already_claimed: 409,
  not_your_conversation: 403,
  over_capacity: 409,
  blacklisted: 403,
  token_required: 401,
  conflict: 409,
  busy: 409,
  rate_limited: 429,
};

/** What the body parsers and the router refuse before a door sees it. */
const MALFORMED = { code: 'malformed', detail: 'The request could not be read: check its JSON and its address' };
const PARSER_CODES: Partial<Record<number, { code: string; detail: string }>> = {
  413: { code: 'too_large', detail: 'The body is larger than this API takes' },
  415: { code: 'unsupported_media_type', detail: 'Send JSON in UTF-8, with Content-Type: application/json' },
};

/** A body of another type than JSON. */
export class WrongContentType extends Error {
  readonly status = 415;
}

/** A refusal as `application/problem+json`; null for an unexpected error, on which the app has the last word. */
export function problemOf(error: unknown): ApiProblem | null {
  if (error instanceof InvalidInput)
    return { ...problem(STATUS.invalid, 'invalid', error.message), errors: error.fields };
  if (error instanceof DomainError) return problem(STATUS[error.code], error.code, error.message);
  if (error instanceof RealtimeUnavailable) return problem(503, error.code, error.message);
  const status = refusedStatus(error);
  if (status === null) return null;
  const { code, detail } = PARSER_CODES[status] ?? MALFORMED;
  return problem(status, code, detail);
}

function problem(status: number, code: string, detail: string): ApiProblem {
  return { type: `urn:openkefu:problem:${code}`, title: STATUS_CODES[status] ?? 'Error', status, code, detail };
}
