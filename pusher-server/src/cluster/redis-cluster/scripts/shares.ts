/**
 * Lua: the names that a channel's script works with. `KEYS[3]`–`[7]` channel, shares, occupied, due, facts. `ARGV[5]`
 * publish command, `[6]` wake topic, `[7]` the channel's topic, `[8]` app, `[9]` channel, `[10]` the caller's sockets on
 * the channel, `[11]` whether the channel's facts are written, `[12]` webhook delay, `[13]` whether the caller held the
 * channel before the bucket lost its past.
 */
export const CHANNEL_NAMES = `
local channel, shares, occupied, due, facts = KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local publish, wake, topic, app, name = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local sockets, tracked, delay, was = tonumber(ARGV[10]), ARGV[11] == '1', tonumber(ARGV[12]), ARGV[13] == '1'
`;

/** Lua: how the channel stood before, and whether the bucket is settling. */
export const CHANNEL_STATE = `
local settlesAt = tonumber(life[2]) or 0
local isSettling = settlesAt > 0 and now() < settlesAt
local state = redis.call('HMGET', channel, 'n', 'told', 'tm', 'cu', 'cp', 'v')
local before, told, membersTold, version = tonumber(state[1]) or 0, state[2] == '1', tonumber(state[3]) or 0, state[6]
local total = before
local change = ''
`;

/** Lua: puts the caller's share of the channel in place of the one before. */
export const SHARE = `
local function setShare()
  local item = 'c' .. app .. '\\0' .. name
  local mine = tonumber(redis.call('HGET', shares, node)) or 0
  if sockets ~= mine then
    total = math.max(before - mine + sockets, 0)
    if sockets > 0 then redis.call('HSET', shares, node, sockets) else redis.call('HDEL', shares, node) end
    redis.call('HSET', channel, 'n', total)
  end
  if sockets == 0 then ledgerHolds(item, false) elseif mine == 0 then ledgerHolds(item, true) end
  if before == 0 and total > 0 then
    change = 'occupied'
    redis.call('SADD', occupied, name)
    if version then redis.call('PERSIST', channel) end
  elseif before > 0 and total == 0 then
    change = 'vacated'
    redis.call('SREM', occupied, name)
  end
end
`;

/**
 * Lua: what receivers have to hear of the channel now. Nothing while it is what they heard last; at once that it is
 * occupied; after the delay, and after its members, that it is not; and while the bucket is settling nothing before the
 * end.
 */
export const OCCUPANCY = `
local function tellChannel()
  local entry = 'v' .. app .. '\\0' .. name
  if isSettling then
    if was and tracked and not told then
      told = true
      redis.call('HSET', channel, 'told', 1)
    end
    if (total > 0) ~= told and (tracked or told) then putDue(entry, settlesAt) else takeDue(entry) end
  elseif total > 0 and told then
    if before == 0 then takeDue(entry) end
  elseif total > 0 and tracked then
    redis.call('HSET', channel, 'told', 1)
    takeDue(entry)
    add('k', 'channel_occupied', 'a', app, 'c', name)
  elseif total == 0 and told then
    if delay == 0 and membersTold == 0 then
      redis.call('HSET', channel, 'told', 0)
      takeDue(entry)
      add('k', 'channel_vacated', 'a', app, 'c', name)
    elseif change == 'vacated' then
      putDue(entry, now() + delay)
    end
  end
end
`;
