import { describe, expect, it } from 'vitest';
import { appSchema, prepareApp } from '../apps/app.ts';
import type { ChannelRef, MemberAnswer, MemberContribution } from '../cluster/cluster.ts';
import { LocalCluster } from '../cluster/local-cluster.ts';
import { noTraffic } from '../metrics/traffic.ts';
import { channelAuth } from '../protocol/signature.ts';
import { ChannelRegistry, channelRef } from './channel-registry.ts';
import { leave } from './join.ts';
import { subscribe } from './subscribe.ts';
import type { Subscriber } from './subscriber.ts';
import { Subscriptions } from './subscriptions.ts';

/** The local cluster as slow as one behind a network: answers, and the hearing of channels, come when the test says. */
class SlowCluster extends LocalCluster {
  readonly #held: (() => void)[] = [];

  override listen(): never {
    return new Promise<void>((resolve) => this.#held.push(resolve)) as never;
  }

  override applyMember(channel: ChannelRef, contribution: MemberContribution): Promise<MemberAnswer> {
    const answer = super.applyMember(channel, contribution);
    return new Promise((resolve) => this.#held.push(() => resolve(answer)));
  }

  /** Lets everything that waits now go on, and what follows from it happen. */
  async answer(): Promise<void> {
    for (const release of this.#held.splice(0)) release();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const app = prepareApp(appSchema.parse({ id: 'a', key: 'k', secret: 's', maxPresenceMembersPerChannel: 1 }));

function setUp() {
  const cluster = new SlowCluster({ webhookDelayMs: 0 });
  const registry = new ChannelRegistry();
  const failures: unknown[] = [];
  const deps = { cluster, broadcaster: { publish: () => undefined }, report: (error: unknown) => failures.push(error) };
  const channels = registry.of(app.id);
  const newSubscriber = (socketId: string) => {
    const sent: string[] = [];
    const topics = new Set<string>();
    const subscriber: Subscriber = {
      socketId,
      subscriptions: new Subscriptions(),
      user: null,
      clientEvents: null,
      traffic: noTraffic(),
      channels,
      socket: {
        send: (frame) => sent.push((JSON.parse(frame) as { event: string }).event),
        end: () => undefined,
        subscribe: (topic) => topics.add(topic),
        unsubscribe: (topic) => topics.delete(topic),
        publish: () => undefined,
        getBufferedAmount: () => 0,
      },
    };
    const join = (channel: string, userId: string | null = null) => {
      const channelData = userId === null ? null : JSON.stringify({ user_id: userId });
      const auth = channelAuth({ key: 'k', secret: 's' }, socketId, channel, channelData);
      subscribe(deps, app, channels, subscriber, { channel, auth, channelData });
    };
    const part = (channel: string, connected = true) => {
      const place = subscriber.subscriptions.get(channel);
      if (place !== undefined) leave(deps, channels, subscriber, place, connected);
    };
    return { subscriber, sent, topics, join, part };
  };
  return { cluster, channels, newSubscriber, failures };
}

describe('joining while answers take their time', () => {
  it('S1: answers a plain subscription only when the channel is heard', async () => {
    const { cluster, newSubscriber } = setUp();
    const ann = newSubscriber('1.1');
    ann.join('private-a');
    expect(ann.sent).toEqual([]);
    await cluster.answer();
    expect(ann.sent).toEqual(['pusher_internal:subscription_succeeded']);
    expect([...ann.topics]).toEqual(['a/private-a']);
  });

  it.each(['private-a', 'presence-a'])('S8: an unsubscribe takes back a subscribe to %s in flight', async (channel) => {
    const { cluster, channels, newSubscriber, failures } = setUp();
    const ann = newSubscriber('1.1');
    ann.join(channel, channel === 'presence-a' ? 'ann' : null);
    ann.part(channel);
    for (let turn = 0; turn < 3; turn++) await cluster.answer();
    expect(ann.sent).toEqual([]);
    expect(ann.topics.size).toBe(0);
    expect(channels.byName.size).toBe(0);
    expect(await cluster.summary(channelRef(app.id, channel))).toMatchObject({ subscriptions: 0, users: 0 });
    expect(failures).toEqual([]);
  });

  it('S8: subscribe, unsubscribe, subscribe is answered once', async () => {
    const { cluster, newSubscriber } = setUp();
    const ann = newSubscriber('1.1');
    ann.join('presence-a', 'ann');
    ann.part('presence-a');
    ann.join('presence-a', 'ann');
    for (let turn = 0; turn < 4; turn++) await cluster.answer();
    expect(ann.sent).toEqual(['pusher_internal:subscription_succeeded']);
    expect(await cluster.summary(channelRef(app.id, 'presence-a'))).toMatchObject({ subscriptions: 1, users: 1 });
  });

  it('S8: a connection that closes during its join leaves nothing behind and is not written to', async () => {
    const { cluster, channels, newSubscriber } = setUp();
    const ann = newSubscriber('1.1');
    ann.join('presence-a', 'ann');
    await cluster.answer();
    ann.part('presence-a', false);
    for (let turn = 0; turn < 3; turn++) await cluster.answer();
    expect(ann.sent).toEqual([]);
    expect(channels.byName.size).toBe(0);
    expect(await cluster.users(channelRef(app.id, 'presence-a'))).toEqual([]);
  });

  it('P7: a refused join gives its place back', async () => {
    const { cluster, channels, newSubscriber } = setUp();
    const ann = newSubscriber('1.1');
    const bob = newSubscriber('2.2');
    ann.join('presence-a', 'ann');
    bob.join('presence-a', 'bob');
    for (let turn = 0; turn < 3; turn++) await cluster.answer();
    expect([ann.sent, bob.sent]).toEqual([['pusher_internal:subscription_succeeded'], ['pusher:subscription_error']]);
    expect(channels.byName.get('presence-a')?.sockets).toBe(1);
    ann.part('presence-a');
    expect(channels.byName.size).toBe(0);
  });
});
