import { CLOCK } from './clock.ts';
import { COUNTING, FORGETTING, TELLING } from './telling.ts';

/** Due entries that one script looks at. */
const DUE_AT_ONCE = 100;
/** How much later a channel is looked at again whose members were not told yet, in milliseconds. */
const AFTER_MEMBERS_MS = 20;

/**
 * What the sender of a bucket does again and again: takes or renews the lease to send, makes facts of what is due and
 * still so, and reads the facts after the last one read. `KEYS` epoch, due, facts, send, marks, deliveries, then for each
 * due entry channel and members' sockets; `ARGV` node, lease, last id read or `-`, how many facts, publish command, wake
 * topic, the fence that the node holds or nothing, then for each due entry itself, app, channel, user, topic. Answers `held` while another node sends; else
 * `sending`, fence, epoch, milliseconds until something is due or −1, the entries due now that were not declared, facts,
 * how many were lost since the last answer, and for a new sender marks and deliveries.
 */
export const TEND = `
local epoch, due, facts, send = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local node, publish, wake = ARGV[1], ARGV[5], ARGV[6]
${CLOCK}${TELLING}${COUNTING}${FORGETTING}
local lease = redis.call('HMGET', send, 'node', 'until', 'fence')
local fence = lease[3]
local isNew = lease[1] ~= node or fence ~= ARGV[7]
if isNew then
  if lease[1] and lease[1] ~= node and tonumber(lease[2]) > now() then return {'held'} end
  local t = redis.call('TIME')
  fence = whole(t[1] * 1000000 + t[2])
  redis.call('HSET', send, 'node', node, 'fence', fence)
end
redis.call('HSET', send, 'until', whole(now() + ARGV[2]))

local function ripenChannel(key, entry, app, name)
  local state = redis.call('HMGET', key, 'n', 'told', 'tm')
  local isOccupied, told = (tonumber(state[1]) or 0) > 0, state[2] == '1'
  if not isOccupied and told and (tonumber(state[3]) or 0) > 0 then
    redis.call('ZADD', due, whole(now() + ${String(AFTER_MEMBERS_MS)}), entry)
    return
  end
  takeDue(entry)
  if isOccupied and not told then
    redis.call('HSET', key, 'told', 1)
    add('k', 'channel_occupied', 'a', app, 'c', name)
  elseif told and not isOccupied then
    redis.call('HSET', key, 'told', 0)
    add('k', 'channel_vacated', 'a', app, 'c', name)
    forgetIfDone(key)
  end
end
local function ripenMember(key, sockets, entry, app, name, user)
  local state = redis.call('HMGET', sockets, user, user .. '\\0')
  local isMember, told = (tonumber(state[1]) or 0) > 0, state[2] == '1'
  takeDue(entry)
  if isMember and not told then
    local channelEntry = 'v' .. app .. '\\0' .. name
    if redis.call('ZSCORE', due, channelEntry) then ripenChannel(key, channelEntry, app, name) end
    redis.call('HSET', sockets, user .. '\\0', 1)
    redis.call('HINCRBY', key, 'tm', 1)
    add('k', 'member_added', 'a', app, 'c', name, 'u', user)
  elseif told and not isMember then
    redis.call('HDEL', sockets, user .. '\\0')
    redis.call('HINCRBY', key, 'tm', -1)
    add('k', 'member_removed', 'a', app, 'c', name, 'u', user)
    forgetIfDone(key)
  end
end
local function ripenCount(key, topic, app, name)
  local state = redis.call('HMGET', key, 'n', 'cf')
  local count = tonumber(state[1]) or 0
  local channelEntry = 'v' .. app .. '\\0' .. name
  if count > 0 and redis.call('ZSCORE', due, channelEntry) then ripenChannel(key, channelEntry, app, name) end
  tellCount(key, topic, app, name, count, state[2] == '1')
  forgetIfDone(key)
end

local life = redis.call('HMGET', epoch, 'id', 'until', 'lost')
local settlesAt = tonumber(life[2]) or 0
local isSettling = now() < settlesAt
for i = 8, #ARGV, 5 do
  local entry, app, name, user, topic = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local key = 7 + (i - 8) / 5 * 2
  local at = not isSettling and redis.call('ZSCORE', due, entry)
  if at and tonumber(at) <= now() then
    local kind = string.sub(entry, 1, 1)
    if kind == 'v' then ripenChannel(KEYS[key], entry, app, name)
    elseif kind == 'm' then ripenMember(KEYS[key], KEYS[key + 1], entry, app, name, user)
    else ripenCount(KEYS[key], topic, app, name) end
  end
end

local dueIn, ripe = -1, {}
local first = redis.call('ZRANGE', due, 0, ${String(DUE_AT_ONCE - 1)}, 'WITHSCORES')
for i = 1, #first, 2 do
  local at = math.max(tonumber(first[i + 1]), settlesAt)
  if i == 1 then dueIn = math.max(at - now(), 0) end
  if at > now() then break end
  ripe[#ripe + 1] = first[i]
end
local found = redis.call('XRANGE', facts, ARGV[3], '+', 'COUNT', ARGV[4])
if life[3] then redis.call('HDEL', epoch, 'lost') end
local answer = {'sending', fence, life[1] or '', dueIn, ripe, found, tonumber(life[3]) or 0}
if isNew then
  answer[8] = redis.call('HGETALL', KEYS[5])
  answer[9] = redis.call('HVALS', KEYS[6])
end
return answer
`;
