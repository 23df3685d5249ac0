/**
 * Lets go of deliveries that ended and of facts that every destination took or gave up. `KEYS` send, facts, marks,
 * deliveries; `ARGV` fence, how many deliveries, their ids, then the facts' ids. Answers 0 when another node sends now.
 */
export const ACKNOWLEDGE = `
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
local ended = tonumber(ARGV[2])
for i = 3, 2 + ended do redis.call('HDEL', KEYS[4], ARGV[i]) end
for i = 3 + ended, #ARGV do
  redis.call('XDEL', KEYS[2], ARGV[i])
  redis.call('HDEL', KEYS[3], ARGV[i])
end
return 1
`;
