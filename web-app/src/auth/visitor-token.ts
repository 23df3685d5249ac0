import type { IncomingHttpHeaders } from 'node:http';
import type { VisitorActor } from '../domain/actor.ts';
import type { Services } from '../domain/services.ts';

/** The parts of a request that may carry a token; Express's requests have them. */
export interface TokenBearer {
  headers: IncomingHttpHeaders;
  query?: unknown;
  body?: unknown;
}

const MAX_TOKEN_LENGTH = 200;

/** `Authorization: Bearer …` or the parameter `visitor_token` of body or query; null when there is none. */
export function visitorTokenOf(req: TokenBearer): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
  const token = bearer ?? parameterOf(req.body) ?? parameterOf(req.query);
  return token === undefined || token === '' || token.length > MAX_TOKEN_LENGTH ? null : token;
}

/** Whose token the request carries, or null. */
export async function visitorOf(
  req: TokenBearer,
  services: { visitors: Pick<Services['visitors'], 'byToken'> },
): Promise<VisitorActor | null> {
  const token = visitorTokenOf(req);
  const visitor = token === null ? null : await services.visitors.byToken(token);
  return visitor && { kind: 'visitor', businessId: visitor.businessId, userId: visitor.id };
}

function parameterOf(source: unknown): string | undefined {
  if (typeof source !== 'object' || source === null || !('visitor_token' in source)) return undefined;
  return typeof source.visitor_token === 'string' ? source.visitor_token : undefined;
}
