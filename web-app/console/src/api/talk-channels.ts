import type Pusher from 'pusher-js';
import type { Channel } from 'pusher-js';
import { backoffMs } from './backoff.ts';
import type { Timers } from './timers.ts';

/** The channels on which both sides of a conversation tell each other what is not stored: who types, and calls. */
export interface TalkChannels {
  /** Joins until the answer is called; who joined twice leaves twice. */
  join(conversationId: number): () => void;
  /** Says something to the other side; lost while the channel is not joined. `event` begins with `client-`. */
  trigger(conversationId: number, event: string, data: object): void;
}

interface Talk {
  holders: number;
  channel: Channel | null;
  refusals: number;
}

/** Who was refused so often may not listen. */
const MOST_REFUSALS = 4;

/**
 * @param onEvent told of each event of the joined channels
 * @returns `connect` to be told once of the connection; what was joined before is joined then
 */
export function createTalkChannels(
  timers: Timers,
  onEvent: (conversationId: number, name: string, data: unknown) => void,
): { channels: TalkChannels; connect: (client: Pusher) => void } {
  const talks = new Map<number, Talk>();
  let client: Pusher | null = null;

  function subscribe(conversationId: number, talk: Talk): void {
    if (client === null) return;
    const channel = client.subscribe(nameOf(conversationId));
    talk.channel = channel;
    channel.bind_global((name: string, data: unknown) => {
      if (!name.startsWith('pusher:')) onEvent(conversationId, name, data);
    });
    channel.bind('pusher:subscription_error', () => {
      talk.refusals += 1;
      if (talk.refusals >= MOST_REFUSALS) return;
      timers.later(backoffMs(talk.refusals, Math.random()), () => {
        if (talks.get(conversationId) === talk && !channel.subscribed) channel.subscribe();
      });
    });
  }

  function leave(conversationId: number, talk: Talk): void {
    talk.holders -= 1;
    if (talk.holders > 0) return;
    talks.delete(conversationId);
    talk.channel?.unbind();
    client?.unsubscribe(nameOf(conversationId));
  }

  return {
    channels: {
      join(conversationId) {
        const known = talks.get(conversationId);
        const talk = known ?? { holders: 0, channel: null, refusals: 0 };
        talk.holders += 1;
        if (known === undefined) {
          talks.set(conversationId, talk);
          subscribe(conversationId, talk);
        }
        let left = false;
        return () => {
          if (!left) leave(conversationId, talk);
          left = true;
        };
      },
      trigger(conversationId, event, data) {
        const channel = talks.get(conversationId)?.channel;
        if (channel?.subscribed === true) channel.trigger(event, data);
      },
    },
    connect(connected) {
      client = connected;
      for (const [conversationId, talk] of talks) subscribe(conversationId, talk);
    },
  };
}

/** Client events cannot travel on encrypted channels: this one carries no words and is private in every business. */
function nameOf(conversationId: number): string {
  return `private-talk${conversationId}`;
}
