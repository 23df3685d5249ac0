/** The generation of a ledger whose node is given up: what takes away is still accepted, without a number. */
export const DROPPED = 'dropped';

/**
 * Lua: names the caller, and lets nobody through whose bucket, generation or number is not the present one. `KEYS[1]`
 * epoch, `KEYS[2]` ledger, `ARGV[1]`–`[4]` node, generation, epoch, number. The same number again is a repetition, which
 * is answered and changes nothing.
 */
export const CALLER = `
local epoch, ledger = KEYS[1], KEYS[2]
local node = ARGV[1]
local life = redis.call('HMGET', epoch, 'id', 'until')
if life[1] ~= ARGV[3] then return {'empty'} end
local standing = redis.call('HMGET', ledger, 'g', 'n')
if standing[1] ~= ARGV[2] then return {'fenced'} end
if ARGV[2] ~= '${DROPPED}' then
  local number, last = tonumber(ARGV[4]), tonumber(standing[2]) or 0
  if number < last then return {'stale'} end
  if number > last then redis.call('HSET', ledger, 'n', ARGV[4]) end
end
local function ledgerHolds(item, holds)
  if holds then redis.call('HSET', ledger, item, 1) else redis.call('HDEL', ledger, item) end
end
`;
