import type Pusher from 'pusher-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTalkChannels, type TalkChannels } from './talk-channels.ts';
import { createTimers, type Timers } from './timers.ts';

/** As much of a connection as is used here; what it is asked for stands in `calls`. */
function fakeConnection() {
  const calls: string[] = [];
  const bound = new Map<string, () => void>();
  const heard: ((name: string, data: unknown) => void)[] = [];
  const channel = {
    subscribed: false,
    bind: (name: string, act: () => void) => void bound.set(name, act),
    bind_global: (act: (name: string, data: unknown) => void) => void heard.push(act),
    unbind: () => undefined,
    subscribe: () => void calls.push('again'),
    trigger: (event: string) => void calls.push(event),
  };
  return {
    calls,
    channel,
    refuse: () => bound.get('pusher:subscription_error')?.(),
    say: (name: string) => heard.forEach((act) => act(name, {})),
    client: {
      subscribe(name: string) {
        calls.push(`+${name}`);
        return channel;
      },
      unsubscribe: (name: string) => void calls.push(`-${name}`),
    } as unknown as Pusher,
  };
}

let connection: ReturnType<typeof fakeConnection>;
let timers: Timers;
let talks: TalkChannels;
let connect: (client: Pusher) => void;
let events: string[];

beforeEach(() => {
  vi.useFakeTimers();
  connection = fakeConnection();
  events = [];
  timers = createTimers();
  ({ channels: talks, connect } = createTalkChannels(timers, (id, name) => events.push(`${id} ${name}`)));
});
afterEach(() => {
  timers.close();
  vi.useRealTimers();
});

describe('the channel of both sides', () => {
  it('is joined once there is a connection, and left when the last who joined leaves', () => {
    const leaveFirst = talks.join(5);
    expect(connection.calls).toEqual([]);
    connect(connection.client);
    const leaveSecond = talks.join(5);
    leaveFirst();
    leaveFirst();
    expect(connection.calls).toEqual(['+private-talk5']);
    leaveSecond();
    expect(connection.calls).toEqual(['+private-talk5', '-private-talk5']);
  });

  it('carries what is said once it is joined, and tells what the other side says', () => {
    connect(connection.client);
    talks.join(5);
    talks.trigger(5, 'client-early', {});
    connection.channel.subscribed = true;
    talks.trigger(5, 'client-typing', {});
    talks.trigger(6, 'client-elsewhere', {});
    expect(connection.calls).toEqual(['+private-talk5', 'client-typing']);
    connection.say('pusher:subscription_succeeded');
    connection.say('client-typing');
    expect(events).toEqual(['5 client-typing']);
  });

  it('is asked for again a few times after a refusal, and not for ever', () => {
    connect(connection.client);
    talks.join(5);
    for (let refusal = 0; refusal < 8; refusal += 1) {
      connection.refuse();
      vi.advanceTimersByTime(20_000);
    }
    expect(connection.calls.filter((call) => call === 'again')).toHaveLength(3);
  });
});
