/** What the console says about its connection; words for it are in the dictionaries. */
export type ConnectionState = 'online' | 'reconnecting' | 'offline';

export interface ConnectionFacts {
  /** The browser has a network at all. */
  network: boolean;
  /** Live events arrive. */
  live: boolean;
  /** The last call was answered. */
  reachable: boolean;
  /** What is on the screen was read again since live events arrive. */
  synced: boolean;
}

/** `online` promises that everything on the screen is as the server has it. */
export function connectionState(facts: ConnectionFacts): ConnectionState {
  if (!facts.network) return 'offline';
  return facts.live && facts.reachable && facts.synced ? 'online' : 'reconnecting';
}
