import { Command, type Cluster, type Redis } from 'ioredis';
import type { RedisLink } from './redis-link.ts';

/** A message and the name of its topic in Redis. */
export interface Publication {
  readonly topic: string;
  readonly message: string;
}

/** Publishes messages in order, each once. Answers how many Redis did not confirm; whether it had those nobody knows. */
export async function publishAll(link: RedisLink, publications: readonly Publication[]): Promise<number> {
  const answers = await Promise.all(sendAll(link, publications));
  let refused = 0;
  for (const isTaken of answers) if (!isTaken) refused += 1;
  return refused;
}

/** Publishes an empty message. Answers whether Redis took it. */
export async function publishNothing(link: RedisLink, topic: string): Promise<boolean> {
  return (await publishAll(link, [{ topic, message: '' }])) === 0;
}

/** Past ioredis's automatic pipeline, which costs twice the time of a command; one write for all does the same. */
function sendAll({ commands, publishCommand }: RedisLink, publications: readonly Publication[]): Promise<boolean>[] {
  const name = publishCommand === 'SPUBLISH' ? 'spublish' : 'publish';
  // A Cluster's client has a connection for each server and chooses by the topic.
  const stream = commands.isCluster ? null : (commands as Redis).stream;
  stream?.cork();
  try {
    return publications.map(({ topic, message }) => isTaken(commands, new Command(name, [topic, message])));
  } finally {
    stream?.uncork();
  }
}

function isTaken(commands: Redis | Cluster, command: Command): Promise<boolean> {
  commands.sendCommand(command);
  // Why one is refused is told by the link, once for all.
  return command.promise.then(
    () => true,
    () => false,
  );
}
