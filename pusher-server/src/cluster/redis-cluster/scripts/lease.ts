import { CLOCK } from './clock.ts';

/**
 * Who lives. `KEYS` nodes; `ARGV` node, how long its lease goes on from now, or 0 to only look. Answers the time, what
 * the node's lease ended at before, or nothing, and every node with the end of its lease.
 */
export const LEASE = `${CLOCK}
local former = redis.call('ZSCORE', KEYS[1], ARGV[1])
local lease = tonumber(ARGV[2])
if lease > 0 then redis.call('ZADD', KEYS[1], whole(now() + lease), ARGV[1]) end
return {whole(now()), former or '', redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')}
`;

/** Forgets a node whose share has been taken away, unless it has come back. `KEYS` nodes; `ARGV` node. */
export const BURY = `${CLOCK}
local ends = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]))
if not ends or ends >= now() then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
`;
