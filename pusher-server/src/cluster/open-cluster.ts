import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Cluster } from './cluster.ts';
import { LocalCluster } from './local-cluster.ts';

/** The implementation that the configuration asks for. One node alone does not even load the other. */
export async function openCluster({ redis, webhookDelayMs }: Config, log: Logger): Promise<Cluster> {
  if (redis === null) return new LocalCluster({ webhookDelayMs });
  const { RedisCluster } = await import('./redis-cluster/redis-cluster.ts');
  return new RedisCluster({ ...redis, webhookDelayMs, log });
}
