/** Gives the lease to send back and wakes the next sender. `KEYS` send; `ARGV` fence, publish command, wake topic. */
export const RELEASE = `
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call(ARGV[2], ARGV[3], '')
return 1
`;
