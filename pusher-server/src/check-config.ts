import { DatabaseApps } from './apps/database-apps.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { describeConfig } from './config-report.ts';

/**
 * Reads everything that a start would read, and starts nothing. Answers what the server would run with; throws what a
 * start would throw, `ConfigError` with a line for each fault or `AppDatabaseUnusable`. A Redis that cannot be reached is
 * a fault too, although a start would go on alone and wait for it. SPEC.md L23.
 */
export async function checkConfig(): Promise<readonly string[]> {
  const config = readConfig();
  const fault = await redisFaultOf(config);
  if (fault !== null) throw new ConfigError([`REDIS_URL: ${fault}`]);
  const lines = describeConfig(config);
  if (config.appStore.kind !== 'database') return lines;
  const source = await DatabaseApps.open(config.appStore.url, () => undefined);
  try {
    const { apps, faults } = await source.check();
    if (faults.length > 0) throw new ConfigError(faults.map((text) => `DATABASE_URL: ${text}`));
    return [...lines, `${String(apps)} apps in table apps`];
  } finally {
    await source.close();
  }
}

async function redisFaultOf({ redis }: Config): Promise<string | null> {
  if (redis === null) return null;
  const { redisFault } = await import('./cluster/redis-cluster/check-redis.ts');
  return redisFault(redis.target);
}
