import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import type { RedisTarget } from './redis-url.ts';

/** No command waits longer than this for its answer, and no connection that owes one stays silent longer. */
const COMMAND_LIMIT_MS = 2_000;
/** Between two attempts to connect. What waits for other nodes waits for this too, see `outgoing.ts`. */
const MAX_PAUSE_MS = 500;

/** Replies keep the shapes that they have always had. */
type SharedOptions = Omit<RedisOptions, 'replyMapping'>;

/** A connection for commands gathers what a tick brings; the other one is for hearing topics. */
export type ClientPurpose = 'commands' | 'subscriber';

/**
 * Makes a client that keeps connecting until it is disconnected. It keeps no queue of its own: what cannot be sent
 * now, and what was not answered when the connection broke, is rejected, because only the caller knows what is still
 * true later.
 */
export function createRedisClient(target: RedisTarget, purpose: ClientPurpose): Redis | Cluster {
  const options = commonOptions(target, purpose);
  switch (target.kind) {
    case 'server':
      return new Redis({ ...options, host: target.address.host, port: target.address.port, db: target.db });
    case 'sentinel':
      return new Redis({
        ...options,
        sentinels: [...target.sentinels],
        name: target.name,
        db: target.db,
        sentinelCommandTimeout: COMMAND_LIMIT_MS,
        sentinelRetryStrategy: pauseBefore,
        enableTLSForSentinelMode: target.tls,
        failoverDetector: true,
        ...(target.tls ? { sentinelTLS: {} } : {}),
        ...(target.sentinelPassword === null ? {} : { sentinelPassword: target.sentinelPassword }),
      });
    case 'cluster':
      return new Cluster([...target.nodes], clusterOptions(options, purpose));
  }
}

function commonOptions(target: RedisTarget, purpose: ClientPurpose): SharedOptions {
  return {
    connectTimeout: COMMAND_LIMIT_MS,
    commandTimeout: COMMAND_LIMIT_MS,
    // A server that does not answer is away: what waits for it is told so, and the connection is made anew.
    socketTimeout: COMMAND_LIMIT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // What is listened to is known better by those who listen.
    autoResubscribe: false,
    enableAutoPipelining: purpose === 'commands',
    retryStrategy: pauseBefore,
    // The former master answers so after a fail-over: the connection has to lead to the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...(target.username === null ? {} : { username: target.username }),
    ...(target.password === null ? {} : { password: target.password }),
    ...(target.tls ? { tls: {} } : {}),
  };
}

function clusterOptions(options: SharedOptions, purpose: ClientPurpose) {
  const { retryStrategy: _single, enableOfflineQueue: _queue, reconnectOnError: _moved, ...redisOptions } = options;
  return {
    enableOfflineQueue: false,
    enableAutoPipelining: purpose === 'commands',
    shardedSubscribers: purpose === 'subscriber',
    clusterRetryStrategy: pauseBefore,
    slotsRefreshTimeout: COMMAND_LIMIT_MS,
    redisOptions,
  } satisfies ClusterOptions;
}

/** Milliseconds before the next attempt to connect; the spread keeps nodes from coming back all at once. */
function pauseBefore(attempt: number): number {
  return Math.min(attempt * 50, MAX_PAUSE_MS) + Math.floor(Math.random() * 50);
}
