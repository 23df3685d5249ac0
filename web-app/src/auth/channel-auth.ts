import type { Actor, AgentActor, VisitorActor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import type { Business } from '../domain/model.ts';
import type { Services } from '../domain/services.ts';
import { channelName, formOf, parseChannelName, type ChannelSubject } from '../realtime/channel-names.ts';

export interface ChannelAuthDeps {
  services: {
    businesses: Pick<Services['businesses'], 'byId'>;
    conversations: Pick<Services['conversations'], 'byId' | 'ofVisitor'>;
    visitors: Pick<Services['visitors'], 'byId'>;
  };
  signer: {
    authorizeChannel(socketId: string, channel: string): { auth: string; shared_secret?: string };
    authenticateUser(socketId: string, userId: string): { auth: string; user_data: string };
  };
}

const SOCKET_ID = /^\d{1,20}\.\d{1,20}$/;

/**
 * The one place that decides who may listen (domain.md, Who may listen), and signs for it.
 * @throws DomainError `forbidden` for any channel that is not theirs, and for names that need no signature
 */
export async function authorizeChannel(
  deps: ChannelAuthDeps,
  who: Actor,
  socketId: string,
  channel: string,
): Promise<{ auth: string; shared_secret?: string }> {
  requireSocketId(socketId);
  const parsed = parseChannelName(channel);
  const business = await deps.services.businesses.byId(who.businessId);
  if (!parsed || !business) throw forbidden();
  if (channel !== channelName(parsed.subject, formOf(business))) throw forbidden();
  const isTheirs =
    who.kind === 'agent'
      ? await isAgents(deps, who, parsed.subject, business)
      : await isVisitors(deps, who, parsed.subject);
  if (!isTheirs) throw forbidden();
  return deps.signer.authorizeChannel(socketId, channel);
}

/** Signs a connection in as this user (`pusher:signin`); the id is the user's number. */
export function authenticateUser(
  deps: Pick<ChannelAuthDeps, 'signer'>,
  who: Actor,
  socketId: string,
): { auth: string; user_data: string } {
  requireSocketId(socketId);
  return deps.signer.authenticateUser(socketId, String(who.userId));
}

async function isAgents(
  deps: ChannelAuthDeps,
  who: AgentActor,
  subject: ChannelSubject,
  business: Business,
): Promise<boolean> {
  switch (subject.kind) {
    case 'kefu':
    case 'ud':
      return subject.agentId === who.userId;
    case 'all':
      return subject.slug === business.slug;
    case 'talk': {
      const conversation = await conversationOf(deps, who, subject.conversationId);
      return conversation?.agentId === who.userId;
    }
    case 'cu':
    case 'se':
      return false;
  }
}

async function isVisitors(deps: ChannelAuthDeps, who: VisitorActor, subject: ChannelSubject): Promise<boolean> {
  switch (subject.kind) {
    case 'cu': {
      const visitor = await deps.services.visitors.byId(who.businessId, who.userId);
      return visitor?.channel === subject.channel;
    }
    case 'se': {
      const own = await deps.services.conversations.ofVisitor(who);
      return own?.agent?.id === subject.agentId;
    }
    case 'talk':
      return (await conversationOf(deps, who, subject.conversationId)) !== null;
    case 'kefu':
    case 'ud':
    case 'all':
      return false;
  }
}

async function conversationOf(deps: ChannelAuthDeps, who: Actor, id: number) {
  try {
    return await deps.services.conversations.byId(who, id);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

function requireSocketId(socketId: string): void {
  if (!SOCKET_ID.test(socketId)) throw new DomainError('invalid', 'socket_id must be two numbers joined by a dot');
}

function forbidden(): DomainError {
  return new DomainError('forbidden', 'This channel is not yours to listen to.');
}
