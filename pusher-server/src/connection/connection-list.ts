import type { Established } from './connection.ts';
import type { ConnectionRegistry } from './connection-registry.ts';

/** A connection may have thousands of channels; a list of connections names the first. */
const CHANNELS_NAMED = 50;

export interface ListedConnection {
  readonly connection: Pick<Established, 'socketId' | 'user' | 'connectedAt' | 'client' | 'origin'>;
  /** The first that it is subscribed to. */
  readonly channels: readonly string[];
  readonly channelCount: number;
}

/** A part of an app's connections here. `next` is where the following part begins, `null` at the end. */
export interface ConnectionPage {
  readonly connections: readonly ListedConnection[];
  readonly total: number;
  readonly next: number | null;
}

/** The connections of an app here that came before the one numbered `before`, the newest first. */
export function listConnections(
  registry: ConnectionRegistry,
  appId: string,
  before: number,
  limit: number,
): ConnectionPage {
  const older: Established[] = [];
  for (const { state } of registry.of(appId)) {
    if (state.kind !== 'established') continue;
    // They stand in the order in which they came.
    if (state.serial >= before) break;
    older.push(state);
  }
  const page = older.slice(-limit).reverse();
  const last = older.length > limit ? page.at(-1) : undefined;
  return { connections: page.map(listed), total: registry.count(appId), next: last?.serial ?? null };
}

function listed(connection: Established): ListedConnection {
  const channels: string[] = [];
  for (const { channel } of connection.subscriptions) {
    if (channels.length === CHANNELS_NAMED) break;
    channels.push(channel.name);
  }
  return { connection, channels, channelCount: connection.subscriptions.size };
}
