import type { AppRegistry } from '../apps/app-registry.ts';
import type { ConnectionRegistry } from './connection-registry.ts';

/** The apps that limit their connections, and how many each has here. SPEC.md C5, K64. */
export function* limitedConnections(
  registry: ConnectionRegistry,
  apps: AppRegistry,
): Generator<readonly [appId: string, connections: number]> {
  for (const appId of registry.apps()) {
    const connections = registry.count(appId);
    if (connections > 0 && (apps.known(appId)?.maxConnections ?? Infinity) !== Infinity) yield [appId, connections];
  }
}
