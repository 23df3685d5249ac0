import { badRequest } from './errors.ts';

/**
 * The parameters of a query by name, decoded. `name[]=a&name[]=b` becomes `name` with the value `a,b`, which is how
 * client libraries sign it. Written by hand: it runs for every request, and `URLSearchParams` costs several times more.
 */
export type Parameters = ReadonlyMap<string, string>;

/** Reads a query string as it was sent. Throws a 400 on a value that cannot be decoded. */
export function parseQuery(query: string): Parameters {
  const parameters = new Map<string, string>();
  if (query === '') return parameters;
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? '' : decode(part.slice(equals + 1));
    if (name.endsWith('[]')) append(parameters, name.slice(0, -2), value);
    else parameters.set(name, value);
  }
  return parameters;
}

function append(parameters: Map<string, string>, name: string, value: string): void {
  const before = parameters.get(name);
  parameters.set(name, before === undefined ? value : `${before},${value}`);
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badRequest('The query string holds a value that is not URL-encoded UTF-8');
  }
}
