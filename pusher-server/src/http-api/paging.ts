import type { SignedRequest } from './context.ts';
import { badRequest } from './errors.ts';

/** How many entries are asked for: `limit`, 1 to `most`. Throws 400. */
export function limitOf(request: SignedRequest, most: number, otherwise: number): number {
  const limit = wholeNumber(request, 'limit') ?? otherwise;
  if (limit < 1 || limit > most) throw badRequest(`limit must be a whole number from 1 to ${String(most)}`);
  return limit;
}

/** A whole number from 0 in the query, `null` when it is absent. Throws 400. */
export function wholeNumber(request: SignedRequest, name: string): number | null {
  const text = request.parameters.get(name);
  if (text === undefined || text === '') return null;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`${name} must be a whole number`);
  return Number(text);
}
