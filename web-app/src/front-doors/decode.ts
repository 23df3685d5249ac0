import type { z } from 'zod';
import { DomainError } from '../domain/errors.ts';

export interface FieldError {
  /** Dotted path of the field; empty for the whole. */
  field: string;
  message: string;
}

/** Input that does not fit its schema, by field. */
export class InvalidInput extends DomainError {
  readonly fields: FieldError[];

  constructor(fields: FieldError[]) {
    super('invalid', fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; '));
    this.fields = fields;
  }
}

/** The one way from `unknown` to a typed value. @throws InvalidInput */
export function decode<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const unstorable = unstorableText(input, '');
  if (unstorable !== null) {
    throw new InvalidInput([
      { field: unstorable, message: 'is nested too deeply, or contains a NUL or half a surrogate pair' },
    ]);
  }
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  throw new InvalidInput(
    result.error.issues.map((issue) => ({ field: issue.path.map(String).join('.'), message: issue.message })),
  );
}

/** Deeper than any schema of ours; a bound for the walk below. */
const MAX_DEPTH = 16;

/** Text that no PostgreSQL column takes, wherever it stands, or nesting without end. Answers the path, or null. */
function unstorableText(value: unknown, path: string, depth = 0): string | null {
  if (typeof value === 'string') return /\0|\p{Surrogate}/u.test(value) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  if (depth === MAX_DEPTH) return path;
  for (const [name, inner] of Object.entries(value)) {
    const found = unstorableText(inner, path ? `${path}.${name}` : name, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
