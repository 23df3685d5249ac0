import type { VisitorActor } from '../../domain/actor.ts';
import type { Agent, Business, Conversation, Visitor } from '../../domain/model.ts';
import type { Admission, Services } from '../../domain/services.ts';
import type { FrontDoorDeps } from '../front-door.ts';
import { somebodyThere } from './get-config.ts';
import { apiAgent } from './presenter.ts';
import type { ApiVisitorConversation, ApiVisitorSession } from './wire.ts';

/** How things stand for a visitor, before it is worded for the wire. */
interface Standing {
  state: ApiVisitorSession['state'];
  conversation: Conversation | null;
  agent: Agent | null;
  place: number | null;
  greeting: string;
}

type ApiStanding = Pick<
  ApiVisitorSession,
  'state' | 'conversation' | 'agent' | 'place' | 'estimateS' | 'deliveredSeq' | 'greeting' | 'channels'
>;

/** Asks for an agent, or, when `passive`, only looks. */
export async function standingOf(
  deps: FrontDoorDeps,
  business: Business,
  visitor: Visitor,
  { passive, team }: { passive: boolean; team: number },
): Promise<ApiStanding> {
  const actor: VisitorActor = { kind: 'visitor', businessId: business.id, userId: visitor.id };
  const { services } = deps;
  const standing = passive
    ? await present(services, business, actor)
    : await admitted(
        services,
        business,
        actor,
        await services.conversations.admit(business, visitor, { teamNumber: team, hold: false, door: 'widget' }),
      );
  const { state, conversation, agent, place, greeting } = standing;
  const names = deps.channelNames(business);
  const shown = conversation === null ? null : await apiVisitorConversation(services, actor, conversation);
  return {
    state,
    conversation: shown,
    agent: agent === null ? null : apiAgent(agent),
    place,
    estimateS: place === null || shown === null ? null : await services.conversations.estimateOf(actor, shown.id),
    deliveredSeq: shown?.agentDeliveredSeq ?? 0,
    greeting,
    channels: { own: names.cu(visitor.channel), agent: agent === null ? null : names.se(agent.id) },
  };
}

export async function apiVisitorConversation(
  services: Services,
  actor: VisitorActor,
  { id, state, lastSeq }: Conversation,
): Promise<ApiVisitorConversation> {
  const [unread, agents] = await Promise.all([
    services.messages.unread(actor, id),
    services.messages.reachedByOthers(actor, id),
  ]);
  const { readSeq: agentReadSeq, deliveredSeq: agentDeliveredSeq } = agents;
  return { id, state, lastSeq, readSeq: Math.max(0, lastSeq - unread), agentReadSeq, agentDeliveredSeq };
}

async function present(services: Services, business: Business, actor: VisitorActor): Promise<Standing> {
  const now = await services.conversations.ofVisitor(actor);
  const quiet = { place: null, agent: null, greeting: business.greeting, conversation: now?.conversation ?? null };
  const state = now?.conversation.state;
  switch (state) {
    case 'open':
      return { ...quiet, state: 'assigned', agent: now?.agent ?? null };
    case 'waiting':
      return { ...quiet, ...(await inLine(services, business, now?.place ?? null)) };
    case 'closed':
    case 'none':
    case undefined:
      return { ...quiet, state: (await somebodyThere(services, business.id)) ? 'idle' : 'offline' };
    default:
      return state satisfies never;
  }
}

async function admitted(
  services: Services,
  business: Business,
  actor: VisitorActor,
  admission: Admission,
): Promise<Standing> {
  const quiet = { place: null, agent: null, greeting: business.greeting };
  switch (admission.kind) {
    case 'assigned':
      return { ...quiet, ...pick(admission), state: 'assigned' };
    case 'waiting':
      return {
        ...quiet,
        ...(await inLine(services, business, admission.place)),
        conversation: admission.conversation,
      };
    case 'offline':
      return { ...quiet, state: 'offline', conversation: admission.conversation };
    case 'blacklisted':
      return { ...quiet, ...(await blacklisted(services, business, actor, admission.lastAgent)) };
    default:
      return admission satisfies never;
  }
}

/** A place in the line says nothing while nobody is there to serve it; what was written waits all the same. */
async function inLine(
  services: Services,
  business: Business,
  place: number | null,
): Promise<Pick<Standing, 'state' | 'place'>> {
  return (await somebodyThere(services, business.id)) ? { state: 'waiting', place } : { state: 'offline', place: null };
}

const pick = ({ conversation, agent, greeting }: Extract<Admission, { kind: 'assigned' }>) => ({
  conversation,
  agent,
  greeting,
});

/** Told, or (by default) left to think that the last agent just does not answer. */
async function blacklisted(
  services: Services,
  business: Business,
  actor: VisitorActor,
  lastAgent: Agent | null,
): Promise<Pick<Standing, 'state' | 'conversation' | 'agent'>> {
  if (business.blacklistMode === 'explicit') return { state: 'blocked', conversation: null, agent: null };
  const now = await services.conversations.ofVisitor(actor);
  return {
    state: lastAgent === null ? 'offline' : 'assigned',
    conversation: now?.conversation ?? null,
    agent: lastAgent,
  };
}
