import { describe, expect, it } from 'vitest';
import { DomainError } from '../../domain/errors.ts';
import { InvalidInput } from '../decode.ts';
import { problemOf, WrongContentType } from './problem.ts';

describe('problems', () => {
  it('A2: a refusal of the domain has its code, status and sentence', () => {
    expect(problemOf(new DomainError('already_claimed', 'Somebody was faster'))).toEqual({
      type: 'urn:openkefu:problem:already_claimed',
      title: 'Conflict',
      status: 409,
      code: 'already_claimed',
      detail: 'Somebody was faster',
    });
  });

  it('A2: invalid input names its fields', () => {
    const problem = problemOf(new InvalidInput([{ field: 'seq', message: 'must be a number' }]));
    expect(problem).toMatchObject({ status: 422, errors: [{ field: 'seq', message: 'must be a number' }] });
  });

  it.each([
    [Object.assign(new SyntaxError('Unexpected token'), { status: 400 }), 400, 'malformed'],
    [Object.assign(new Error('too large'), { status: 413 }), 413, 'too_large'],
    [new WrongContentType('text/plain'), 415, 'unsupported_media_type'],
  ])('A1: %s is %i %s', (error, status, code) => {
    expect(problemOf(error)).toMatchObject({ status, code });
  });

  it('A2: an unexpected error is left to the app', () => {
    expect(problemOf(new Error('relation "messages" does not exist'))).toBeNull();
  });
});
