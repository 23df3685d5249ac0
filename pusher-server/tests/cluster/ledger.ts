import { z } from 'zod';
import type { RedisServer } from '../../../test-support/redis.ts';

/** Reads every hash of a plain Redis in one step. */
const READ_ALL = `
local all = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('TYPE', key).ok == 'hash' then all[key] = redis.call('HGETALL', key) end
end
return cjson.encode(all)`;

/** Adds up the lengths of all streams of facts. */
const COUNT_FACTS = `
local count = 0
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('TYPE', key).ok == 'stream' then count = count + redis.call('XLEN', key) end
end
return count`;

const hashesSchema = z.record(z.string(), z.array(z.string()));

/** What Redis itself holds of one app. */
export interface Ledger {
  /** Channel → subscriptions over all nodes; those without any are left out. */
  readonly subscriptions: Readonly<Record<string, number>>;
  /** Presence channel → its users, sorted. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** Whatever does not add up. */
  readonly faults: readonly string[];
}

/** Reads it by its documented keys, past all code of the server; empty hashes of cjson come as arrays too. */
export async function readLedger(redis: RedisServer, appId: string): Promise<Ledger> {
  const hashes = hashesSchema.parse(JSON.parse(await redis.cli('EVAL', READ_ALL, '0')));
  const subscriptions: Record<string, number> = {};
  const members: Record<string, readonly string[]> = {};
  const faults: string[] = [];
  for (const [key, pairs] of Object.entries(hashes)) {
    const [, kind, app, name = ''] = /\{\d+\}:(\w+):([^:]+)(?::(.*))?$/.exec(key) ?? [];
    if (app !== appId || name.startsWith('#')) continue;
    const fields = new Map(pairs.flatMap((field, index) => (index % 2 === 0 ? [[field, pairs[index + 1] ?? '']] : [])));
    if (kind === 'c') {
      const shares = hashes[key.replace(':c:', ':s:')] ?? [];
      const sum = shares.filter((_, index) => index % 2 === 1).reduce((total, share) => total + Number(share), 0);
      const n = Number(fields.get('n') ?? 0);
      if (sum !== n) faults.push(`${name}: ${String(n)} subscriptions, and ${String(sum)} of all nodes`);
      if (n > 0) subscriptions[name] = n;
    }
    if (kind === 'p' && fields.size > 0) members[name] = [...fields.keys()].toSorted();
  }
  return { subscriptions, members, faults };
}

/** How many facts Redis holds that no sender has acknowledged yet. */
export async function unacknowledgedFacts(redis: RedisServer): Promise<number> {
  return Number(await redis.cli('EVAL', COUNT_FACTS, '0'));
}
