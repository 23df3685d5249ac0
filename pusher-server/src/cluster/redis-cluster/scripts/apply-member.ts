import { CALLER } from './caller.ts';
import { CLOCK, VERSIONS } from './clock.ts';
import { CHANNEL_NAMES, CHANNEL_STATE, OCCUPANCY, SHARE } from './shares.ts';
import { FORGETTING, TELLING } from './telling.ts';

/**
 * What a node has of one user on a presence channel. Beyond `CHANNEL_NAMES`: `KEYS[8]` members, `[9]` their sockets;
 * `ARGV[14]` user, `[15]` user_info as it is kept, `[16]` the caller's sockets of the user, `[17]` how many users fit,
 * `[18]` whether members' facts are written, `[19]` whether the caller held the member before the bucket lost its past
 * (who was in is not refused). Answers `full`, or `applied`, version, delta, the channel's change.
 */
export const APPLY_MEMBER = `${CALLER}${CHANNEL_NAMES}
local members, memberSockets, user = KEYS[8], KEYS[9], ARGV[14]
local userSockets, membersTracked, wasMember = tonumber(ARGV[16]), ARGV[18] == '1', ARGV[19] == '1'
local shareField, toldField = user .. '\\0' .. node, user .. '\\0'
local held = redis.call('HMGET', memberSockets, user, shareField, toldField)
local userBefore, mine, userTold = tonumber(held[1]) or 0, tonumber(held[2]) or 0, held[3] == '1'
local userTotal = math.max(userBefore - mine + userSockets, 0)
if userBefore == 0 and userTotal > 0 and not wasMember and redis.call('HLEN', members) >= tonumber(ARGV[17]) then
  return {'full'}
end
${CLOCK}${VERSIONS}${CHANNEL_STATE}${TELLING}${FORGETTING}${SHARE}${OCCUPANCY}
local delta = ''
local function setMember()
  local item = 'm' .. app .. '\\0' .. name .. '\\0' .. user
  if userSockets ~= mine then
    if userSockets > 0 then
      redis.call('HSET', memberSockets, shareField, userSockets)
    else
      redis.call('HDEL', memberSockets, shareField)
    end
    if userTotal > 0 then
      redis.call('HSET', memberSockets, user, userTotal)
    else
      redis.call('HDEL', memberSockets, user)
    end
  end
  if userSockets == 0 then ledgerHolds(item, false) elseif mine == 0 then ledgerHolds(item, true) end
  if userBefore == 0 and userTotal > 0 then
    delta = 'added'
    redis.call('HSET', members, user, ARGV[15])
    version = nextVersion(channel, version)
    redis.call(publish, topic, '----------------+' .. whole(version) .. '\\n' .. user .. '\\n' .. ARGV[15])
  elseif userBefore > 0 and userTotal == 0 then
    delta = 'removed'
    redis.call('HDEL', members, user)
    version = nextVersion(channel, version)
    redis.call(publish, topic, '-----------------' .. whole(version) .. '\\n' .. user)
  end
end
local function setTold(isTold)
  if isTold then redis.call('HSET', memberSockets, toldField, 1) else redis.call('HDEL', memberSockets, toldField) end
  membersTold = redis.call('HINCRBY', channel, 'tm', isTold and 1 or -1)
end
local function tellMember()
  local entry = 'm' .. app .. '\\0' .. name .. '\\0' .. user
  if isSettling then
    if wasMember and membersTracked and not userTold then
      userTold = true
      setTold(true)
    end
    if (userTotal > 0) ~= userTold and (membersTracked or userTold) then
      putDue(entry, settlesAt)
    else
      takeDue(entry)
    end
  elseif userTotal > 0 and userTold then
    if userBefore == 0 then takeDue(entry) end
  elseif userTotal > 0 and membersTracked then
    setTold(true)
    takeDue(entry)
    add('k', 'member_added', 'a', app, 'c', name, 'u', user)
  elseif userTotal == 0 and userTold then
    if delay == 0 then
      setTold(false)
      takeDue(entry)
      add('k', 'member_removed', 'a', app, 'c', name, 'u', user)
    elseif delta == 'removed' then
      putDue(entry, now() + delay)
    end
  end
end
setShare()
setMember()
if total > 0 then
  tellChannel()
  tellMember()
else
  tellMember()
  tellChannel()
  forgetIfDone(channel)
end
finish()
return {'applied', version and whole(version) or '0', delta, change}
`;
