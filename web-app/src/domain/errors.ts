/** Why the domain refused. Each front door maps these codes to its own wire, in one table. */
export type DomainErrorCode =
  | 'not_found'
  | 'forbidden'
  | 'unauthorized'
  | 'invalid'
  | 'too_long'
  | 'empty_message'
  | 'business_closed'
  | 'already_claimed'
  | 'not_your_conversation'
  | 'over_capacity'
  | 'blacklisted'
  | 'token_required'
  | 'conflict'
  | 'busy'
  | 'rate_limited';

/** A refusal with a stable code and a message for people (never shown where it could leak what exists). */
export class DomainError extends Error {
  readonly code: DomainErrorCode;

  constructor(code: DomainErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DomainError';
    this.code = code;
  }
}
