import type { DomainEvent } from '../domain/events.ts';
import type { Agent, Business, Visitor } from '../domain/model.ts';
import type { Services } from '../domain/services.ts';

/** What an event does not carry and its wire needs, as it is now. */
export interface PublishFacts {
  business: Pick<Business, 'slug' | 'timezone' | 'encryptChannels' | 'legacyPublicChannels'>;
  /** The agent that the event is about. */
  agent: Agent | null;
  /** The visitor that was assigned. */
  visitor: Visitor | null;
  /** This server as browsers see it. */
  webUrl: string;
}

type Asked = {
  businesses: Pick<Services['businesses'], 'byId'>;
  agents: Pick<Services['agents'], 'byUserId'>;
  visitors: Pick<Services['visitors'], 'byId'>;
};

/**
 * Looks up what an event's wire needs beside the event. A message asks for the business alone, which is cached.
 * Null when the business is gone.
 */
export async function publishFacts(services: Asked, event: DomainEvent, webUrl: string): Promise<PublishFacts | null> {
  const business = await services.businesses.byId(businessOf(event));
  if (!business) return null;
  const agentId = agentOf(event);
  const visitorId = event.type === 'conversation.assigned' ? event.customer.id : null;
  return {
    business,
    webUrl,
    agent: agentId === null ? null : await services.agents.byUserId(agentId),
    visitor: visitorId === null ? null : await services.visitors.byId(business.id, visitorId),
  };
}

function businessOf(event: DomainEvent): number {
  return 'to' in event ? event.to.businessId : event.businessId;
}

function agentOf(event: DomainEvent): number | null {
  switch (event.type) {
    case 'conversation.assigned':
      return event.agent?.id ?? null;
    case 'user.online':
    case 'user.offline':
      return event.kind === 'agent' ? event.userId : null;
    case 'user.updated':
      return event.userId;
    default:
      return null;
  }
}
