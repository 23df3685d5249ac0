import { CLOCK } from './clock.ts';
import { TELLING } from './telling.ts';

/** How long the last batch of a node is remembered, in milliseconds: far longer than it is repeated. */
const REMEMBERED_MS = 60_000;

/**
 * Adds facts that a node alone can state, once: a batch is numbered, and one that was taken already adds nothing. `KEYS`
 * epoch, facts, the node's last batch; `ARGV` publish command, wake topic, number, then JSON of each fact.
 */
export const HAND_IN = `
local epoch, facts, due = KEYS[1], KEYS[2], ''
local publish, wake = ARGV[1], ARGV[2]
${CLOCK}${TELLING}
if (tonumber(redis.call('GET', KEYS[3])) or 0) >= tonumber(ARGV[3]) then return 0 end
redis.call('SET', KEYS[3], ARGV[3], 'PX', ${String(REMEMBERED_MS)})
for i = 4, #ARGV do add('j', ARGV[i]) end
finish()
return 1
`;
