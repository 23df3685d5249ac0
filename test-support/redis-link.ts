import { RedisConnections } from '../pusher-server/src/cluster/redis-cluster/redis-link.ts';
import { parseRedisUrl } from '../pusher-server/src/cluster/redis-cluster/redis-url.ts';

/** A node's connections to a test's Redis, and the time when they are there. */
export interface LinkUnderTest {
  readonly link: RedisConnections;
  /** Resolves when both connections are up, at once when they are. */
  readonly isUp: () => Promise<void>;
}

/** Connects as a node does; `close` the link at the end. */
export function openRedisLink(url: string, prefix = 'test:'): LinkUnderTest {
  const silent = () => undefined;
  const link = new RedisConnections({ target: parseRedisUrl(url), prefix, log: { info: silent, warn: silent } });
  let hears = false;
  link.on('subscriberUp', () => (hears = true));
  link.on('subscriberDown', () => (hears = false));
  return { link, isUp: () => until(() => link.isUp && hears) };
}

/** Resolves when it is so, looking again after every turn of the event loop. @throws after 10 s */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`it never became so: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
