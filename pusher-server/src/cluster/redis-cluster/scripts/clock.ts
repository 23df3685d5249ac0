/** How long a channel that is empty remembers its version, in milliseconds: longer than any node listens on. */
export const VERSION_LINGER_MS = 60_000;

/** Lua: milliseconds of Redis's clock, asked for at most once; a whole number as text, without an exponent. */
export const CLOCK = `
local clock
local function now()
  if not clock then
    local t = redis.call('TIME')
    clock = t[1] * 1000 + math.floor(t[2] / 1000)
  end
  return clock
end
local function whole(number)
  return string.format('%.0f', number)
end
`;

/**
 * Lua: the version of a channel or user rises by one with each change. It begins with the time in microseconds, so that
 * one that was forgotten or lost begins again above all that anybody remembers.
 */
export const VERSIONS = `
local function beginVersions(key)
  local t = redis.call('TIME')
  local first = t[1] * 1000000 + t[2]
  redis.call('HSET', key, 'v', whole(first))
  return first
end
local function nextVersion(key, known)
  if not known then beginVersions(key) end
  return redis.call('HINCRBY', key, 'v', 1)
end
`;
