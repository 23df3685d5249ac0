import { CALLER } from './caller.ts';
import { CLOCK, VERSION_LINGER_MS, VERSIONS } from './clock.ts';

/**
 * How many connections a node has that are signed in as a user. `KEYS[3]` the user's channel, `[4]` its shares; `ARGV[5]`
 * publish command, `[6]` the user's topic, `[7]` the ledger's item, `[8]` the caller's connections. Answers `applied`,
 * version, whether the user is online, whether that changed.
 */
export const APPLY_USER = `${CALLER}${CLOCK}${VERSIONS}
local channel, shares = KEYS[3], KEYS[4]
local connections = tonumber(ARGV[8])
local state = redis.call('HMGET', channel, 'n', 'v')
local before, version = tonumber(state[1]) or 0, state[2]
local mine = tonumber(redis.call('HGET', shares, node)) or 0
local total = before
if connections ~= mine then
  total = math.max(before - mine + connections, 0)
  if connections > 0 then redis.call('HSET', shares, node, connections) else redis.call('HDEL', shares, node) end
  redis.call('HSET', channel, 'n', total)
end
if connections == 0 then ledgerHolds(ARGV[7], false) elseif mine == 0 then ledgerHolds(ARGV[7], true) end
local changed = (before > 0) ~= (total > 0)
if changed then
  if total > 0 and version then redis.call('PERSIST', channel) end
  version = nextVersion(channel, version)
  redis.call(ARGV[5], ARGV[6], '----------------u' .. whole(version) .. '\\n' .. (total > 0 and '1' or '0'))
end
if total == 0 then redis.call('PEXPIRE', channel, ${String(VERSION_LINGER_MS)}) end
return {'applied', version and whole(version) or '0', total > 0 and 1 or 0, changed and 1 or 0}
`;
