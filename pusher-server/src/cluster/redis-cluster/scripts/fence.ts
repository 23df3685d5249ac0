import { DROPPED } from './caller.ts';

/** Items of a ledger that one script answers at most. */
const FENCED_AT_ONCE = 500;

/**
 * Ends a node's generation in a bucket, so that nothing it may still send counts, and answers the epoch and some of what
 * its ledger holds; a ledger that holds nothing goes. `KEYS` epoch, ledger.
 */
export const FENCE = `
local ledger = KEYS[2]
local id = redis.call('HGET', KEYS[1], 'id') or ''
if redis.call('EXISTS', ledger) == 0 then return {id, {}} end
redis.call('HSET', ledger, 'g', '${DROPPED}')
local items, cursor = {}, '0'
repeat
  local step = redis.call('HSCAN', ledger, cursor, 'COUNT', ${String(FENCED_AT_ONCE)})
  cursor = step[1]
  for i = 1, #step[2], 2 do
    if #step[2][i] > 1 and #items < ${String(FENCED_AT_ONCE)} then items[#items + 1] = step[2][i] end
  end
until cursor == '0' or #items >= ${String(FENCED_AT_ONCE)}
if #items == 0 then redis.call('DEL', ledger) end
return {id, items}
`;
