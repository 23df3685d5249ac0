import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Actor, AgentActor, VisitorActor } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Call, FrontDoorDeps } from '../front-door.ts';

/** What an endpoint answers: a `body`, a `text`, a `stream` for as long as both sides like, or only the status. */
export interface Answer {
  status: number;
  body?: object;
  /** Its type stands in the headers. */
  text?: string;
  stream?: Readable;
  headers?: Record<string, string>;
}

export const ok = (body: object): Answer => ({ status: 200, body });

interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  /** Takes a form instead of JSON, with a file in the field of this name. */
  upload?: string;
}

/** One call of the API, and who may make it. `either`: an agent, or a visitor for what is their own. */
export type Endpoint = Route &
  (
    | { access: 'public'; handle(deps: FrontDoorDeps, call: Call): Promise<Answer> }
    /** The visitor whose token comes along, or anybody. */
    | { access: 'anybody'; handle(deps: FrontDoorDeps, visitor: VisitorActor | null, call: Call): Promise<Answer> }
    /** As `public`, but refused to other sites' pages. */
    | { access: 'own-pages'; handle(deps: FrontDoorDeps, call: Call): Promise<Answer> }
    | { access: 'agent'; handle(deps: FrontDoorDeps, agent: AgentActor, call: Call): Promise<Answer> }
    | { access: 'either'; handle(deps: FrontDoorDeps, who: Actor, call: Call): Promise<Answer> }
  );

const pathId = z
  .string()
  .regex(/^[1-9]\d*$/)
  .transform(Number)
  .refine(Number.isSafeInteger);

/** The id of something that a path names. @throws DomainError `not_found` for what cannot be an id */
export function idIn(call: Call, parameter: string): number {
  const parsed = pathId.safeParse(call.params[parameter]);
  if (!parsed.success) throw new DomainError('not_found', 'There is no such id');
  return parsed.data;
}

/** The conversation that a path names. @throws DomainError `not_found` for what cannot be an id */
export function conversationIdOf(call: Call): number {
  return idIn(call, 'id');
}
