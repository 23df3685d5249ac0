/**
 * Keeps what is about to be posted and marks its facts, or marks further facts of a delivery that is kept elsewhere.
 * `KEYS` epoch, send, deliveries, marks; `ARGV` fence, epoch, the delivery's id, its JSON or nothing, the line of the
 * mark, then ids of facts. Answers `kept`; `passed` when another node sends them; `lost` when the bucket has lost its
 * past, and with it these facts.
 */
export const KEEP_DELIVERY = `
if redis.call('HGET', KEYS[2], 'fence') ~= ARGV[1] then
  return (redis.call('HGET', KEYS[1], 'id') or '') == ARGV[2] and 'passed' or 'lost'
end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[3], ARGV[3], ARGV[4]) end
for i = 6, #ARGV do
  local marks = redis.call('HGET', KEYS[4], ARGV[i])
  redis.call('HSET', KEYS[4], ARGV[i], marks and (marks .. '\\n' .. ARGV[5]) or ARGV[5])
end
return 'kept'
`;
