import { CALLER } from './caller.ts';
import { CLOCK } from './clock.ts';
import { CHANNEL_NAMES, CHANNEL_STATE, OCCUPANCY, SHARE } from './shares.ts';
import { COUNTING, FORGETTING, TELLING } from './telling.ts';

/**
 * What a node has on a channel without presence. Beyond `CHANNEL_NAMES`: `ARGV[14]` whether the channel's subscribers
 * are told their number, `[15]` whether receivers are. Answers `applied`, subscriptions over all nodes, the change.
 */
export const APPLY_CHANNEL = `${CALLER}${CHANNEL_NAMES}${CLOCK}${CHANNEL_STATE}${TELLING}${COUNTING}${FORGETTING}${SHARE}${OCCUPANCY}
setShare()
tellChannel()
if ARGV[14] == '1' and total ~= before then
  local waitUntil = isSettling and settlesAt or tonumber(state[4]) or 0
  if isSettling or countHasToWait(total, waitUntil) then
    redis.call('HSET', channel, 'cp', 1, 'cf', ARGV[15])
    putDue('n' .. app .. '\\0' .. name, waitUntil)
  else
    tellCount(channel, topic, app, name, total, ARGV[15] == '1')
  end
end
if total == 0 then forgetIfDone(channel) end
finish()
return {'applied', total, change}
`;
