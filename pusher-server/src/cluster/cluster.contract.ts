import { describe, expect, it } from 'vitest';
import type { ChannelRef, Cluster, ClusterListener, Fact, MemberAnswer, WebhookAttempt } from './cluster.ts';

/** What a suite run hands to each test: a started node of its own cluster, and everything it was told. */
export interface ClusterUnderTest {
  readonly cluster: Cluster;
  /** What the listener heard, as `event`, `memberAdded`, `memberRemoved` and facts in one order. */
  readonly heard: readonly string[];
  /** Resolves when `text` is among what was heard. */
  readonly hears: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Makes a cluster whose webhooks want everything. */
export type ClusterFactory = (options: { readonly webhookDelayMs: number }) => Promise<ClusterUnderTest>;

/** Starts a cluster with a listener that writes down all that it hears. */
export async function startRecorded(cluster: Cluster): Promise<ClusterUnderTest> {
  const heard: string[] = [];
  const looking = new Set<() => void>();
  const hear = (line: string) => {
    heard.push(line);
    for (const look of looking) look();
  };
  await cluster.start(recordingListener(hear));
  const hears = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!heard.includes(text)) return;
        looking.delete(look);
        resolve();
      };
      looking.add(look);
      look();
    });
  return { cluster, heard, hears, close: () => cluster.close() };
}

function recordingListener(hear: (line: string) => void): ClusterListener {
  return {
    event: (channel, frame) => hear(`event ${channel.name} ${frame}`),
    memberAdded: (_channel, userId, userInfo) => hear(`memberAdded ${userId} ${userInfo ?? ''}`),
    memberRemoved: (_channel, userId) => hear(`memberRemoved ${userId}`),
    occupancyChanged: () => undefined,
    userChanged: (appId, userId, online) => hear(`userChanged ${appId} ${userId} ${online ? 'online' : 'offline'}`),
    terminateUser: (_appId, userId, reconnect) => hear(`terminateUser ${userId} ${String(reconnect)}`),
    subscriptionCount: (channel, count) => hear(`subscriptionCount ${channel.name} ${String(count)}`),
    countsSubscriptions: (appId) => appId === 'counted',
    fact: (fact, receipt) => {
      hear(factLine(fact));
      receipt.settled();
    },
    redeliver: () => undefined,
    wants: () => true,
    membershipChanged: () => undefined,
    nodeMessage: (message) => hear(`nodeMessage ${message}`),
    sessionTaken: (id) => hear(`sessionTaken ${id}`),
    limitedConnections: () => [],
    feedWanted: (appId, wanted) => hear(`feedWanted ${appId} ${String(wanted)}`),
    feedHeard: (appId, text) => hear(`feedHeard ${appId} ${text}`),
  };
}

/** One line for a fact, so that expectations read as a transcript. */
function factLine(fact: Fact): string {
  const user = 'userId' in fact && fact.userId !== null ? ` ${fact.userId}` : '';
  return `${fact.kind} ${fact.channel}${user}`;
}

/** What webhooks were told, and what members of a channel were: two orders that have nothing to do with each other. */
function factsIn(heard: readonly string[]): readonly string[] {
  return heard.filter((line) => /^[a-z]+_/.test(line));
}

export function deltasIn(heard: readonly string[]): readonly string[] {
  return heard.filter((line) => line.startsWith('member') && !line.includes('_'));
}

export const room = channel('presence-room');
export const news = channel('news');

export function channel(name: string, appId = 'app'): ChannelRef {
  return { appId, name, topic: `${appId}/${name}` };
}

/** A user comes to, or goes from, the room. */
export function member(cluster: Cluster, userId: string, sockets: number, channelSockets: number, maxMembers = 100) {
  const userInfo = JSON.stringify({ name: userId });
  return cluster.applyMember(room, { userId, userInfo, sockets, channelSockets, maxMembers });
}

function attemptAt(time: number): WebhookAttempt {
  const outcome = { kind: 'answered', status: 200 } as const;
  const [url, deliveryId] = ['http://127.0.0.1/', 'id'];
  return { time, url, deliveryId, attempt: 1, durationMs: 1, outcome, eventCount: 1, eventNames: ['e'] };
}

export function membersOf(answer: MemberAnswer): readonly string[] {
  return answer.kind === 'applied' ? [...answer.roster.members.keys()] : [];
}

/** What every implementation of the port has to do. */
export function clusterContract(name: string, create: ClusterFactory): void {
  const using = async (webhookDelayMs: number, body: (node: ClusterUnderTest) => Promise<void>) => {
    const node = await create({ webhookDelayMs });
    try {
      await body(node);
    } finally {
      await node.close();
    }
  };

  describe(`cluster contract: ${name}`, () => {
    it('W2: a channel is told once, however often the same number is applied', () =>
      using(0, async ({ cluster, hears, heard }) => {
        cluster.apply(news, 1);
        cluster.apply(news, 1);
        await hears('channel_occupied news');
        cluster.apply(news, 2);
        cluster.apply(news, 0);
        cluster.apply(news, 0);
        await hears('channel_vacated news');
        expect(heard).toEqual(['channel_occupied news', 'channel_vacated news']);
      }));

    it('P5: a user is one member over several sockets', () =>
      using(0, async ({ cluster, heard, hears }) => {
        await cluster.listen(room);
        expect(membersOf(await member(cluster, 'ann', 1, 1))).toEqual(['ann']);
        await member(cluster, 'ann', 2, 2);
        await member(cluster, 'bob', 1, 3);
        await member(cluster, 'ann', 1, 2);
        await member(cluster, 'ann', 0, 1);
        await Promise.all([hears('memberRemoved ann'), hears('member_removed presence-room ann')]);
        expect(deltasIn(heard)).toEqual([
          'memberAdded ann {"name":"ann"}',
          'memberAdded bob {"name":"bob"}',
          'memberRemoved ann',
        ]);
        expect(factsIn(heard)).toEqual([
          'channel_occupied presence-room',
          'member_added presence-room ann',
          'member_added presence-room bob',
          'member_removed presence-room ann',
        ]);
      }));

    it('P6: the roster in an answer holds what was told up to now, and its version rises with every delta', () =>
      using(0, async ({ cluster }) => {
        await cluster.listen(room);
        const first = await member(cluster, 'ann', 1, 1);
        const before = first.kind === 'applied' ? first.roster.version : -1;
        const second = await member(cluster, 'bob', 1, 2);
        expect(membersOf(second)).toEqual(['ann', 'bob']);
        expect(second.kind === 'applied' && second.roster.version).toBe(before + 1);
      }));

    it('P5: the first socket decides the user_info', () =>
      using(0, async ({ cluster }) => {
        await cluster.listen(room);
        await member(cluster, 'ann', 1, 1);
        const userInfo = '{"name":"other"}';
        const answer = await cluster.applyMember(room, {
          userId: 'ann',
          userInfo,
          sockets: 2,
          channelSockets: 2,
          maxMembers: 9,
        });
        expect(answer.kind === 'applied' && answer.roster.members.get('ann')).toBe('{"name":"ann"}');
      }));

    it('P7: a full channel refuses another user, changes nothing, and takes another socket of a member', () =>
      using(0, async ({ cluster, heard, hears }) => {
        await cluster.listen(room);
        await member(cluster, 'ann', 1, 1, 1);
        expect(await member(cluster, 'bob', 1, 2, 1)).toEqual({ kind: 'full' });
        expect(await cluster.summary(room)).toMatchObject({ subscriptions: 1, users: 1 });
        expect((await member(cluster, 'ann', 2, 2, 1)).kind).toBe('applied');
        await hears('member_added presence-room ann');
        expect(deltasIn(heard)).toEqual(['memberAdded ann {"name":"ann"}']);
        expect(factsIn(heard)).toEqual(['channel_occupied presence-room', 'member_added presence-room ann']);
      }));

    it('P7: two users who come at once cannot both take the last place', () =>
      using(0, async ({ cluster }) => {
        const answers = await Promise.all([member(cluster, 'ann', 1, 1, 1), member(cluster, 'bob', 1, 2, 1)]);
        expect(answers.map((answer) => answer.kind).sort()).toEqual(['applied', 'full']);
      }));

    it('W4: a return within the delay is told to nobody, members before their channel', () =>
      using(60, async ({ cluster, heard, hears }) => {
        await cluster.listen(room);
        await member(cluster, 'ann', 1, 1);
        await hears('member_added presence-room ann');
        await member(cluster, 'ann', 0, 0);
        await member(cluster, 'ann', 1, 1);
        cluster.apply(news, 1);
        await hears('channel_occupied news');
        cluster.apply(news, 0);
        await hears('channel_vacated news');
        await member(cluster, 'ann', 0, 0);
        await hears('channel_vacated presence-room');
        expect(factsIn(heard)).toEqual([
          'channel_occupied presence-room',
          'member_added presence-room ann',
          'channel_occupied news',
          'channel_vacated news',
          'member_removed presence-room ann',
          'channel_vacated presence-room',
        ]);
      }));

    it('W2: a user’s own channel is no fact', () =>
      using(0, async ({ cluster, heard, hears }) => {
        cluster.apply(channel('#server-to-user-1'), 1);
        cluster.apply(channel('#server-to-user-1'), 0);
        cluster.apply(news, 1);
        await hears('channel_occupied news');
        expect(heard).toEqual(['channel_occupied news']);
      }));

    it('H13: answers which channels are occupied, an app at a time', () =>
      using(1_000, async ({ cluster }) => {
        cluster.apply(news, 3);
        cluster.apply(channel('news', 'other'), 1);
        cluster.apply(channel('old'), 1);
        cluster.apply(channel('old'), 0);
        await member(cluster, 'ann', 2, 2);
        const occupied = await cluster.occupied('app', '');
        expect([...occupied].sort((a, b) => a.name.localeCompare(b.name))).toEqual([
          { name: 'news', subscriptions: 3, users: 0 },
          { name: 'presence-room', subscriptions: 2, users: 1 },
        ]);
        expect(await cluster.occupied('app', 'presence-')).toHaveLength(1);
        expect(await cluster.users(room)).toEqual(['ann']);
        expect(await cluster.users(news)).toEqual([]);
      }));

    it('S10: keeps the last event of a channel for its time', () =>
      using(0, async ({ cluster }) => {
        expect(await cluster.recall(news)).toBeNull();
        cluster.remember(news, { frame: 'one', data: '1' }, 60_000);
        cluster.remember(news, { frame: 'two', data: '2' }, 60_000);
        expect(await cluster.recall(news)).toMatchObject({ frame: 'two', data: '2' });
        cluster.remember(news, { frame: 'three', data: '3' }, 0);
        expect(await cluster.recall(news)).toBeNull();
      }));

    it('U6, U7: a user is online from the first signed-in connection to the last, and watchers hear both', () =>
      using(0, async ({ cluster, heard, hears }) => {
        void cluster.applyUser('app', 'ann', 1);
        const online = await cluster.watch('app', ['ann', 'bob']);
        expect([online.has('ann'), online.has('bob')]).toEqual([true, false]);
        void cluster.applyUser('app', 'ann', 2);
        void cluster.applyUser('app', 'bob', 1);
        await hears('userChanged app bob online');
        expect(online.has('bob')).toBe(true);
        void cluster.applyUser('app', 'bob', 1);
        void cluster.applyUser('other', 'ann', 0);
        void cluster.applyUser('app', 'ann', 1);
        void cluster.applyUser('app', 'ann', 0);
        await hears('userChanged app ann offline');
        expect([online.has('ann'), online.has('bob')]).toEqual([false, true]);
        cluster.unwatch('app', ['ann', 'bob']);
        expect(heard.filter((line) => line.includes(' bob ') || line.endsWith('offline'))).toEqual([
          'userChanged app bob online',
          'userChanged app ann offline',
        ]);
      }));

    it('W9: keeps the last 1,000 attempts of an app, the newest first', () =>
      using(0, async ({ cluster }) => {
        for (let time = 1; time <= 2_500; time++) cluster.logAttempt('app', attemptAt(time));
        const kept = await cluster.attempts('app', 5_000);
        expect([kept.length, kept[0]?.time, kept.at(-1)?.time]).toEqual([1_000, 2_500, 1_501]);
        expect((await cluster.attempts('app', 2)).map(({ time }) => time)).toEqual([2_500, 2_499]);
        expect(await cluster.attempts('other', 10)).toEqual([]);
      }));

    it('H16: gives a rate’s permits once', () =>
      using(0, async ({ cluster }) => {
        expect(await cluster.takePermits('app', 'backend-events', 2, 3)).toBe(true);
        expect(await cluster.takePermits('app', 'backend-events', 2, 3)).toBe(false);
        expect(await cluster.takePermits('app', 'backend-events', 1, 3)).toBe(true);
        expect(await cluster.takePermits('other', 'backend-events', 3, 3)).toBe(true);
        expect(await cluster.takePermits('app', 'read-requests', 3, 3)).toBe(true);
      }));

    it('H40: an idempotency key stands for the first request and its answer, an app at a time', () =>
      using(0, async ({ cluster }) => {
        expect(await cluster.claimKey('app', 'k', 'one')).toEqual({ kind: 'first' });
        const repeated = cluster.claimKey('app', 'k', 'one');
        expect(await cluster.claimKey('app', 'k', 'two')).toEqual({ kind: 'other-request' });
        expect(await cluster.claimKey('other', 'k', 'two')).toEqual({ kind: 'first' });
        cluster.settleKey('app', 'k', '{}');
        expect(await repeated).toEqual({ kind: 'answered', answer: '{}' });
        expect(await cluster.claimKey('app', 'k', 'one')).toEqual({ kind: 'answered', answer: '{}' });
        expect(await cluster.claimKey('app', 'k', 'two')).toEqual({ kind: 'other-request' });
      }));

    it('H41: a key that was given back is anybody’s, and one of those who wait gets it', () =>
      using(0, async ({ cluster }) => {
        await cluster.claimKey('app', 'k', 'one');
        const waiting = [cluster.claimKey('app', 'k', 'one'), cluster.claimKey('app', 'k', 'one')];
        cluster.releaseKey('app', 'k');
        const [first] = await Promise.all([waiting[0], Promise.resolve()]);
        expect(first).toEqual({ kind: 'first' });
        cluster.settleKey('app', 'k', 'done');
        expect(await waiting[1]).toEqual({ kind: 'answered', answer: 'done' });
      }));

    it('H40: a repeat does not wait for ever', () =>
      using(0, async ({ cluster }) => {
        await cluster.claimKey('app', 'k', 'one');
        expect(await cluster.claimKey('app', 'k', 'one')).toEqual({ kind: 'pending' });
      }));
  });
}
