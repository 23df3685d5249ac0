import { VERSION_LINGER_MS } from './clock.ts';

/** Facts that a bucket keeps at most; the oldest fall off and are counted. */
const MAX_FACTS = 10_000;
/** Up to this many subscriptions every change of the number is told; above, at most one in `COUNT_PAUSE_MS`. */
const COUNTED_AT_ONCE = 100;
const COUNT_PAUSE_MS = 5_000;

/**
 * Lua: facts, and the set of what is due. Needs `facts`, `due`, `epoch`, `publish` (the command) and `wake` (the topic)
 * as locals before it, and `finish()` at the end, which wakes the sender. An entry of the due set is its kind (`m`
 * member, `n` number of subscriptions, `v` channel: the order in which those of one moment are looked at), then app NUL
 * channel, and for a member NUL user.
 */
export const TELLING = `
local wakes = false
local function add(...)
  redis.call('XADD', facts, '*', ...)
  if redis.call('XLEN', facts) > ${String(MAX_FACTS)} then
    redis.call('HINCRBY', epoch, 'lost', redis.call('XTRIM', facts, 'MAXLEN', ${String(MAX_FACTS)}))
  end
  wakes = true
end
local function putDue(entry, at)
  redis.call('ZADD', due, whole(at), entry)
  if redis.call('ZRANK', due, entry) == 0 then wakes = true end
end
local function takeDue(entry)
  redis.call('ZREM', due, entry)
end
local function finish()
  if wakes then redis.call(publish, wake, '') end
end
`;

/**
 * Lua: the number of subscriptions, told to the channel and, if `wanted`, to receivers. `cu` until when the next has to
 * wait, `cp` 1 while one waits, `cf` whether receivers want it.
 */
export const COUNTING = `
local function tellCount(key, topic, app, name, count, wanted)
  redis.call(publish, topic, '----------------n' .. count)
  if wanted then add('k', 'subscription_count', 'a', app, 'c', name, 'n', count) end
  if count > ${String(COUNTED_AT_ONCE)} then
    redis.call('HSET', key, 'cu', whole(now() + ${String(COUNT_PAUSE_MS)}))
    redis.call('HDEL', key, 'cp')
  else
    redis.call('HDEL', key, 'cu', 'cp')
  end
  takeDue('n' .. app .. '\\0' .. name)
end
local function countHasToWait(count, waitUntil)
  return count > ${String(COUNTED_AT_ONCE)} and now() < waitUntil
end
`;

/**
 * Lua: lets go of a channel that nobody is on and of which receivers need not hear any more. One with a version keeps it
 * for a while, so that nodes that still listen see no gap.
 */
export const FORGETTING = `
local function forgetIfDone(key)
  local left = redis.call('HMGET', key, 'n', 'told', 'tm', 'cp', 'v')
  if (tonumber(left[1]) or 0) > 0 or left[2] == '1' or (tonumber(left[3]) or 0) > 0 or left[4] then return end
  if left[5] then redis.call('PEXPIRE', key, ${String(VERSION_LINGER_MS)}) else redis.call('DEL', key) end
end
`;
