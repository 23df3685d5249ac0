import { DatabaseApps } from './apps/database-apps.ts';
import { ConfigError, readConfig } from './config.ts';
import { describeConfig } from './config-report.ts';

/**
 * Reads everything that a start would read, and starts nothing. Answers what the server would run with; throws what a
 * start would throw, `ConfigError` with a line for each fault or `AppDatabaseUnusable`. SPEC.md L23.
 */
export async function checkConfig(): Promise<readonly string[]> {
  const config = readConfig();
  const lines = describeConfig(config);
  if (config.appStore.kind !== 'database') return lines;
  const source = await DatabaseApps.open(config.appStore.url, () => undefined);
  try {
    const { apps, faults } = await source.check();
    if (faults.length > 0) throw new ConfigError(faults.map((fault) => `DATABASE_URL: ${fault}`));
    return [...lines, `${String(apps)} apps in table apps`];
  } finally {
    await source.close();
  }
}
