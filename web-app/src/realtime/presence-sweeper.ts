import type { Services } from '../domain/services.ts';
import { presenceChannels, type PresentUser } from './presence-channels.ts';
import type { RealtimeServer } from './realtime-server.ts';

export interface SweeperDeps {
  services: {
    presence: Pick<Services['presence'], 'takeDue' | 'settle' | 'online'>;
    businesses: Pick<Services['businesses'], 'byId'>;
  };
  server: Pick<RealtimeServer, 'isOccupied'>;
  logger: { warn(fields: object, message: string): void };
}

/** Users settled in one sweep; more wait for the next. */
const TAKEN_AT_ONCE = 100;

/**
 * Gives the last word on users whose grace is over: nobody is told that somebody left before the realtime server was
 * asked whether the channel is held after all (domain.md, rule 6).
 */
export async function sweepPresence(deps: SweeperDeps): Promise<void> {
  const { presence } = deps.services;
  const due = await presence.takeDue(TAKEN_AT_ONCE);
  if (due.length === 0) return;
  const online = new Map((await presence.online()).map((user) => [user.userId, user]));
  for (const userId of due) {
    const user = online.get(userId);
    const held = user ? await isHeld(deps, user) : false;
    // Unknown: what was taken falls due again by itself, and is taken again.
    if (held !== 'unknown') await presence.settle(userId, held);
  }
}

async function isHeld(deps: SweeperDeps, user: PresentUser): Promise<boolean | 'unknown'> {
  const business = await deps.services.businesses.byId(user.businessId);
  const channels = presenceChannels(user, business?.legacyPublicChannels ?? false);
  try {
    const occupied = await Promise.all(channels.map((channel) => deps.server.isOccupied(channel)));
    return occupied.includes(true);
  } catch (error) {
    deps.logger.warn({ userId: user.userId, reason: String(error) }, 'occupancy is unknown, asking again');
    return 'unknown';
  }
}
