import { CLOCK, VERSION_LINGER_MS, VERSIONS } from './clock.ts';

/**
 * The members of a presence channel and its version. `KEYS` channel, members. A channel that is not there gets a version
 * to begin with, so that whoever reads it before the first member takes that member without reading again.
 */
export const READ_ROSTER = `${CLOCK}${VERSIONS}
local version = redis.call('HGET', KEYS[1], 'v')
if not version then
  local isThere = redis.call('EXISTS', KEYS[1]) == 1
  version = beginVersions(KEYS[1])
  if not isThere then redis.call('PEXPIRE', KEYS[1], ${String(VERSION_LINGER_MS)}) end
end
return {whole(version), redis.call('HGETALL', KEYS[2])}
`;
