import type { RedisLink } from './redis-link.ts';

/** Publishes messages in order, each once. Answers how many Redis did not confirm; whether it had those nobody knows. */
export async function publishAll(
  link: RedisLink,
  messages: readonly { readonly topic: string; readonly message: string }[],
): Promise<number> {
  const { commands, publishCommand } = link;
  const [first] = messages;
  // A Cluster's client sorts them by where they go, and gathers what goes there together.
  if (commands.isCluster || (messages.length === 1 && first !== undefined)) {
    const answers = messages.map(({ topic, message }) => publish(link, topic, message));
    return (await Promise.all(answers)).filter((isTaken) => !isTaken).length;
  }
  const pipeline = commands.pipeline();
  for (const { topic, message } of messages) {
    if (publishCommand === 'SPUBLISH') pipeline.spublish(topic, message);
    else pipeline.publish(topic, message);
  }
  const answers = await pipeline.exec().catch(() => null);
  return answers === null ? messages.length : answers.filter(([error]) => error !== null).length;
}

/** Publishes an empty message. Answers whether Redis took it. */
export function publishNothing(link: RedisLink, topic: string): Promise<boolean> {
  return publish(link, topic, '');
}

async function publish({ commands, publishCommand }: RedisLink, topic: string, message: string): Promise<boolean> {
  try {
    await (publishCommand === 'SPUBLISH' ? commands.spublish(topic, message) : commands.publish(topic, message));
    return true;
  } catch {
    // Why is told by the link, once for all.
    return false;
  }
}
