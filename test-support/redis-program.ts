import { findRedisServer } from '../scripts/setup/system-packages.mjs';

/**
 * Whether suites that need a Redis have to be left out here: `describe.skipIf(redisIsMissing)`. Says once in each test
 * file what to install.
 */
export const redisIsMissing = findRedisServer() === null;

if (redisIsMissing) {
  process.stderr.write('No redis-server is on PATH: suites about several nodes are skipped. Install redis-server.\n');
}
