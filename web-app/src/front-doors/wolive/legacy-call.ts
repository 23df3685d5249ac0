import type { AgentActor } from '../../domain/actor.ts';
import type { Call, FrontDoorConfig, FrontDoorDeps } from '../front-door.ts';
import type { Reply } from './reply.ts';

/** What a handler gets: the request, and its fields from query and body as one. */
export interface LegacyRequest extends Call {
  fields: unknown;
  /** As the request carries it, in its header or fields. */
  visitorToken: string | null;
}

interface Path {
  /** Without the `/index.php` prefix. */
  paths: string[];
  /** Calls that only read are served to GET too. */
  reads: boolean;
  /** What a failure answers that has no code of its own. */
  failureCode: number;
  /** Takes a form with a file in the field of this name. */
  upload?: string;
}

/** One of WoLive's calls and who may make it. */
export type LegacyCall = Path &
  (
    | { access: 'visitor'; handle(deps: FrontDoorDeps, request: LegacyRequest): Promise<Reply> }
    | { access: 'agent'; handle(deps: FrontDoorDeps, agent: AgentActor, request: LegacyRequest): Promise<Reply> }
  );

/** Query and body in one, as PHP's `$_REQUEST`; the body wins. Anything but two objects is left to the schema to refuse. */
export function fieldsOf(call: Call): unknown {
  if (Array.isArray(call.body)) return call.body;
  return { ...objectOf(call.query), ...objectOf(call.body) };
}

/** A spread, unlike an assignment, takes a field called `__proto__` for a field. */
function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** This server as its clients write it: its public address, and the host that they call. */
export function ownOrigins({ host }: LegacyRequest, { webUrl }: FrontDoorConfig): string[] {
  return [new URL(webUrl).origin, `http://${host}`, `https://${host}`];
}
