import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { redisIsMissing } from '../../../../test-support/redis-program.ts';
import { startRedis } from '../../../../test-support/redis.ts';
import { RedisConnections, type LinkEvent } from './redis-link.ts';
import { parseRedisUrl } from './redis-url.ts';

const silent = () => undefined;

async function connectedLink(): Promise<RedisConnections> {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const log = { info: silent, warn: silent };
  const link = new RedisConnections({ target: parseRedisUrl(redis.url), prefix: 'k:', log });
  onTestFinished(() => link.close());
  await happened(link, 'subscriberUp');
  return link;
}

function happened(link: RedisConnections, event: LinkEvent): Promise<void> {
  return new Promise((resolve) => link.on(event, resolve));
}

describe.skipIf(redisIsMissing)('the connections to Redis', () => {
  it('K20: come back when their client has ended by itself, as in a fail-over it hears of too early', async () => {
    const link = await connectedLink();
    const ended = once(link.commands, 'end');
    link.commands.disconnect();
    await ended;
    expect(link.isUp).toBe(false);
    await happened(link, 'up');
    expect(await link.commands.ping()).toBe('PONG');

    const wentDown = happened(link, 'subscriberDown');
    link.subscriber.disconnect();
    await wentDown;
    await once(link.subscriber, 'ready');
    await link.subscriber.subscribe('k:topic');
    const heard = once(link.subscriber, 'message');
    await link.commands.publish('k:topic', 'hello');
    expect(await heard).toEqual(['k:topic', 'hello']);
  });
});
