import type { Config } from '../config.ts';
import { listenToOutbox } from '../db/outbox-listener.ts';
import type { OutboxStore } from '../db/outbox-store.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { Services } from '../domain/services.ts';
import type { Logger } from '../logger.ts';
import { Unpublishable } from './row-sender.ts';
import { keepPresence, type PresenceKeeper } from './presence-keeper.ts';
import { publishFacts } from './publish-facts.ts';
import { triggersOf } from './publisher.ts';
import type { RealtimeServer, Trigger } from './realtime-server.ts';
import { Relay } from './relay.ts';
import { watchRealtimeServer, type ServerWatch } from './server-watch.ts';

export interface RelayParts {
  databaseUrl: string;
  store: OutboxStore;
  server: RealtimeServer;
  /** Asked when an event is sent, so that the services may be made after the relay that they announce to. */
  services: () => Services;
  /** This server as browsers see it; known by the time that the relay starts. */
  webUrl: () => string;
  logger: Logger;
}

/** The relay of this process, joined to the publisher and to the database's notices. */
export function createRelay({ databaseUrl, store, server, services, webUrl, logger }: RelayParts): Relay {
  return new Relay({
    store,
    server,
    triggersFor: (event) => triggersFor(services(), event, webUrl()),
    listen: (hearing) => listenToOutbox({ databaseUrl, logger, ...hearing }),
    logger,
  });
}

async function triggersFor(services: Services, event: DomainEvent, webUrl: string): Promise<Trigger[]> {
  const facts = await publishFacts(services, event, webUrl);
  if (facts === null) throw new Unpublishable('the business is gone');
  try {
    return triggersOf(event, facts);
  } catch (cause) {
    throw new Unpublishable(String(cause), { cause });
  }
}

/** Starts what listens to the realtime server: presence, and word of its return. */
export function followRealtimeServer(parts: {
  config: Pick<Config, 'pusher'>;
  server: RealtimeServer;
  services: Services;
  relay: Relay;
  logger: Logger;
}): { presence: PresenceKeeper; watch: ServerWatch } {
  const { config, server, services, relay, logger } = parts;
  const presence = keepPresence({ services, server, logger, now: Date.now });
  const watch = watchRealtimeServer(config.pusher, () => {
    relay.serverReturned();
    presence.reconcileNow();
  });
  return { presence, watch };
}
