import type { Services } from '../domain/services.ts';
import { holderOf, presenceChannels, type HolderServices } from './presence-channels.ts';
import type { RealtimeServer } from './realtime-server.ts';
import { OFFLINE_GRACE_MS } from './webhook.ts';

export interface ReconciliationDeps {
  services: HolderServices & { presence: Pick<Services['presence'], 'held' | 'left' | 'online'> };
  server: Pick<RealtimeServer, 'occupiedChannels'>;
  now(): number;
}

/** The beginnings of all names that prove presence, in every form. */
const PREFIXES = ['private-kefu', 'private-cu', 'private-encrypted-kefu', 'private-encrypted-cu', 'kefu', 'cu'];

/**
 * Finds what the webhooks may have missed: who is online by our view and not on the realtime server leaves (after the
 * grace, and asked once more), and the other way round. Rejects when either cannot be asked.
 */
export async function reconcilePresence(deps: ReconciliationDeps): Promise<{ held: number; left: number }> {
  const { presence, businesses } = deps.services;
  // Our view first: whoever comes in between is seen on the realtime server, and `held` twice does no harm.
  const online = await presence.online();
  const occupied = new Set<string>();
  for (const prefix of PREFIXES) for (const name of await deps.server.occupiedChannels(prefix)) occupied.add(name);

  const dueAt = new Date(deps.now() + OFFLINE_GRACE_MS);
  let left = 0;
  for (const user of online) {
    const business = await businesses.byId(user.businessId);
    const channels = presenceChannels(user, business?.legacyPublicChannels ?? false);
    const isThere = channels.some((channel) => occupied.has(channel));
    for (const channel of channels) occupied.delete(channel);
    if (isThere) continue;
    await presence.left(user.userId, dueAt);
    left += 1;
  }
  let held = 0;
  for (const channel of occupied) {
    const userId = await holderOf(deps.services, channel);
    if (userId === null) continue;
    await presence.held(userId);
    held += 1;
  }
  return { held, left };
}
