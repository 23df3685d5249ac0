import type { Agent, Business } from '../model.ts';

/** Keeps talking with whom it has: somebody is at a console, and the agent has not called itself away. */
export function isReachable(agent: Agent): boolean {
  return agent.online && agent.manualStatus !== 'offline';
}

/** May be given somebody new. A busy agent keeps the old ones and gets no new one. */
export function hasFreePlace(agent: Agent): boolean {
  return agent.online && agent.manualStatus === 'online' && agent.load < agent.maxConversations;
}

/** With what an agent greets a visitor. */
export function greetingBy(agent: Pick<Agent, 'greeting'>, business: Pick<Business, 'greeting'>): string {
  return agent.greeting === '' ? business.greeting : agent.greeting;
}
