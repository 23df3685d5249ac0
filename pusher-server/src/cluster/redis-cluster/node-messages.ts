import type { RedisLink } from './redis-link.ts';
import { NODE_ID_LENGTH } from './topic-message.ts';
import type { TopicHandler } from './topics.ts';

/** What may be on its way to Redis at a time; beyond, messages are lost, which their receiver notices. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/** Hears topics that are no channel's. */
export interface TopicHearing {
  hear(name: string, handler: TopicHandler): unknown;
  forget(name: string): void;
}

/** Messages from node to node, over a topic of each node's own. */
export class NodeMessages {
  readonly #link: RedisLink;
  readonly #topics: TopicHearing;
  #waitingBytes = 0;

  constructor(link: RedisLink, topics: TopicHearing, heard: (message: string) => void) {
    this.#link = link;
    this.#topics = topics;
    topics.hear(link.keys.nodeTopic(link.nodeId), (message) => heard(message.toString('utf8', NODE_ID_LENGTH)));
  }

  /** At most once; nothing is said when it is lost. */
  tell(nodeId: string, message: string): void {
    const text = `${this.#link.nodeId}${message}`;
    const bytes = Buffer.byteLength(text);
    if (!this.#link.isUp || this.#waitingBytes + bytes > MAX_WAITING_BYTES) return;
    this.#waitingBytes += bytes;
    publish(this.#link, this.#link.keys.nodeTopic(nodeId), text)
      // The receiver counts what it gets.
      .catch(() => undefined)
      .finally(() => {
        this.#waitingBytes -= bytes;
      });
  }

  close(): void {
    this.#topics.forget(this.#link.keys.nodeTopic(this.#link.nodeId));
  }
}

/** Publishes to a topic in the way that this server's subscribers listen. */
export function publish(link: RedisLink, topic: string, text: string): Promise<unknown> {
  return link.publishCommand === 'SPUBLISH' ? link.commands.spublish(topic, text) : link.commands.publish(topic, text);
}
