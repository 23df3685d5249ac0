import type { AgentActor } from './actor.ts';
import { DomainError } from './errors.ts';

/** Who may change what all of a business's agents and visitors see. @throws DomainError `forbidden` */
export function requireManager(actor: AgentActor): void {
  if (actor.level === 'service') throw new DomainError('forbidden', 'Only managers may change this.');
}
