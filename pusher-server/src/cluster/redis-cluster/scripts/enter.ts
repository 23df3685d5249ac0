import { DROPPED } from './caller.ts';
import { CLOCK } from './clock.ts';

/** How long a bucket settles that a node without any past begins: its webhooks should not be late. */
const FIRST_SETTLING_MS = 1_000;

/**
 * A node begins with a bucket, or begins again. `KEYS` epoch, ledger; `ARGV` a generation and an epoch to take where
 * there is none, the epoch that the node knew or nothing, how long to settle. A node that knew another epoch makes a
 * young bucket settle for the whole time. Answers epoch, generation, the ledger's number, its items.
 */
export const ENTER = `${CLOCK}
local epoch, ledger = KEYS[1], KEYS[2]
local known, settling = ARGV[3], tonumber(ARGV[4])
local life = redis.call('HMGET', epoch, 'id', 'born', 'until')
local id = life[1]
if not id then
  id = ARGV[2]
  local time = known == '' and math.min(settling, ${String(FIRST_SETTLING_MS)}) or settling
  redis.call('HSET', epoch, 'id', id, 'born', whole(now()), 'until', whole(now() + time))
elseif known ~= '' and known ~= id and now() < life[2] + settling then
  redis.call('HSET', epoch, 'until', whole(math.max(tonumber(life[3]), life[2] + settling)))
end
local standing = redis.call('HMGET', ledger, 'g', 'n')
local generation = standing[1]
if not generation or generation == '${DROPPED}' then
  generation = ARGV[1]
  redis.call('HSET', ledger, 'g', generation)
end
local items = {}
for _, field in ipairs(redis.call('HKEYS', ledger)) do
  if #field > 1 then items[#items + 1] = field end
end
return {id, generation, standing[2] or '0', items}
`;
