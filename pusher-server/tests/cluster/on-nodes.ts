import { startRedis, type RedisServer } from '../../../test-support/redis.ts';
import { Nodes, type NodesOptions } from './nodes.ts';

export interface OnNodesOptions extends Omit<NodesOptions, 'redisUrl' | 'redisPort'> {
  /** Whether Redis comes back with its data. */
  readonly redisKeepsData?: boolean;
  /** Redis has been away since before the nodes start. */
  readonly redisIsAway?: boolean;
}

/** Runs a test on nodes and a Redis of its own, so that several tests of a file can wait at the same time. */
export async function onNodes(
  { redisKeepsData = false, redisIsAway = false, ...options }: OnNodesOptions,
  body: (nodes: Nodes, redis: RedisServer) => Promise<void>,
): Promise<void> {
  const redis = await startRedis({ appendonly: redisKeepsData });
  if (redisIsAway) await redis.kill9();
  let nodes: Nodes | undefined;
  try {
    nodes = await Nodes.open({ ...options, redisPort: redis.port });
    await body(nodes, redis);
  } finally {
    await nodes?.close();
    await redis.drop();
  }
}
