import type { Services } from '../domain/services.ts';
import { presenceChannels } from './presence-channels.ts';
import type { RealtimeServer } from './realtime-server.ts';

export interface SweeperDeps {
  services: {
    presence: Pick<Services['presence'], 'takeDue' | 'settle' | 'online'>;
    businesses: Pick<Services['businesses'], 'byId'>;
  };
  server: Pick<RealtimeServer, 'isOccupied'>;
}

/** Users settled in one sweep; more wait for the next. */
const TAKEN_AT_ONCE = 100;

/**
 * Gives the last word on users whose grace is over: nobody is told that somebody left before the realtime server was
 * asked whether the channel is held after all (domain.md, rule 6). Rejects when it cannot be asked: who was taken and
 * not settled falls due again by itself.
 */
export async function sweepPresence({ services, server }: SweeperDeps): Promise<void> {
  const { presence, businesses } = services;
  const due = await presence.takeDue(TAKEN_AT_ONCE);
  if (due.length === 0) return;
  const online = new Map((await presence.online(due)).map((user) => [user.userId, user]));
  for (const userId of due) {
    const user = online.get(userId);
    const business = user ? await businesses.byId(user.businessId) : null;
    const channels = user ? presenceChannels(user, business?.legacyPublicChannels ?? false) : [];
    const occupied = await Promise.all(channels.map((channel) => server.isOccupied(channel)));
    await presence.settle(userId, occupied.includes(true));
  }
}
