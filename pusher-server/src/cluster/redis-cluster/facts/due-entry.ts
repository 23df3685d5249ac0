import type { KeyNames } from '../keys.ts';

/** What a script that looks at a due entry has to be given: its keys, and its words after the entry itself. */
export interface DueEntry {
  readonly keys: readonly [channel: string, memberSockets: string];
  readonly args: readonly [entry: string, appId: string, name: string, userId: string, topic: string];
}

/** Reads an entry of the due set: a character of kind, app NUL channel, and for a member NUL user. */
export function readDueEntry(keys: KeyNames, b: number, entry: string): DueEntry {
  const [appId = '', name = '', userId = ''] = entry.slice(1).split('\0');
  return {
    keys: [keys.channel(b, appId, name), keys.memberSockets(b, appId, name)],
    args: [entry, appId, name, userId, keys.topic(b, appId, name)],
  };
}
