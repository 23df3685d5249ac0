import { createRedisClient } from './redis-client.ts';
import type { RedisTarget } from './redis-url.ts';

/** How long a look at Redis takes at most, Sentinels and a Cluster's other nodes included. */
const LOOK_LIMIT_MS = 5_000;

/** Whether Redis answers: `null`, or why it does not. */
export async function redisFault(target: RedisTarget): Promise<string | null> {
  const client = createRedisClient(target, 'commands');
  let fault = 'it does not answer';
  client.on('error', (error: Error) => {
    fault = error.message;
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string | null>((resolve) => {
      client.once('ready', () => resolve(null));
      client.once('error', () => setImmediate(() => resolve(`cannot be reached: ${fault}`)));
      timer = setTimeout(() => resolve(`cannot be reached: ${fault}`), LOOK_LIMIT_MS);
    });
  } finally {
    clearTimeout(timer);
    client.disconnect();
  }
}
