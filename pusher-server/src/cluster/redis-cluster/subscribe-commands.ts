import type { RedisLink } from './redis-link.ts';

/**
 * Subscribes to topics with as few commands as there can be and answers those that Redis confirmed. A Redis Cluster
 * takes only topics of one slot in a command: those whose names have the same hash tag.
 */
export async function subscribeTopics(link: RedisLink, names: readonly string[]): Promise<ReadonlySet<string>> {
  const confirmed = new Set<string>();
  const commands = groups(link, names).map(async (group) => {
    if (link.subscriber.isCluster) await forget(link, group);
    await (link.publishCommand === 'SPUBLISH'
      ? link.subscriber.ssubscribe(...group)
      : link.subscriber.subscribe(...group));
    for (const name of group) confirmed.add(name);
  });
  // What was not confirmed is missing in the answer.
  await Promise.allSettled(commands);
  return confirmed;
}

/** Ends subscriptions. That Redis may refuse it does not matter: what still comes is for nobody. */
export async function unsubscribeTopics(link: RedisLink, names: readonly string[]): Promise<void> {
  await Promise.allSettled(groups(link, names).map((group) => unsubscribe(link, group)));
}

function unsubscribe(link: RedisLink, names: readonly string[]): Promise<unknown> {
  return link.publishCommand === 'SPUBLISH'
    ? link.subscriber.sunsubscribe(...names)
    : link.subscriber.unsubscribe(...names);
}

/** A Cluster's client keeps a list of its own, to which every subscription is added, one that is there already too. */
async function forget(link: RedisLink, names: readonly string[]): Promise<void> {
  await unsubscribe(link, names).catch(() => {
    // The slot has moved, or nothing was subscribed: either way the name is off the list.
  });
}

function groups(link: RedisLink, names: readonly string[]): readonly (readonly string[])[] {
  if (names.length === 0) return [];
  if (!link.subscriber.isCluster) return [names];
  const bySlot = new Map<string, string[]>();
  for (const name of names) {
    const tag = name.slice(name.indexOf('{'), name.indexOf('}') + 1);
    const group = bySlot.get(tag);
    if (group === undefined) bySlot.set(tag, [name]);
    else group.push(name);
  }
  return [...bySlot.values()];
}
