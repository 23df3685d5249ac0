import type { Logger } from '../../logger.ts';
import type { ClusterListener } from '../cluster.ts';
import { readMembers, readUser } from './bucket-reads.ts';
import { BucketScripts } from './bucket-scripts.ts';
import { ChannelReads } from './channel-reads.ts';
import { Contributions } from './contributions.ts';
import { FactSender } from './facts/fact-sender.ts';
import { takeIncoming } from './incoming.ts';
import { bucketOf, userChannel } from './keys.ts';
import { Membership } from './membership.ts';
import { Outgoing } from './outgoing.ts';
import type { RedisLink } from './redis-link.ts';
import { Repair } from './repair.ts';
import { hasMembers, Replicas } from './replicas.ts';
import { SharedState } from './shared-state.ts';
import { TellingRules } from './telling-rules.ts';
import { Topics } from './topics.ts';
import { UserWatch } from './user-watch.ts';

export interface PartsOptions {
  readonly link: RedisLink;
  readonly listener: ClusterListener;
  readonly webhookDelayMs: number;
  readonly leaseMs: number;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** What a node of the cluster is made of. */
export interface Parts {
  readonly contributions: Contributions;
  readonly membership: Membership;
  readonly repair: Repair;
  readonly topics: Topics;
  readonly replicas: Replicas;
  readonly outgoing: Outgoing;
  readonly users: UserWatch;
  readonly reads: ChannelReads;
  readonly shared: SharedState;
  readonly facts: FactSender;
}

/** Joins the parts of one node: the only place that knows how they hang together. */
export function joinParts({ link, listener, webhookDelayMs, leaseMs, log }: PartsOptions): Parts {
  const report = (error: unknown) => log.error({ err: error }, 'unexpected error between nodes');
  const scripts = new BucketScripts(link);

  const contributions = new Contributions({
    nodeId: link.nodeId,
    scripts,
    listener,
    isUp: () => link.isUp,
    webhookDelayMs,
    leaseMs,
    entered: (bucket, lostPast) => {
      if (!lostPast) return;
      replicas.readAgain(bucket);
      users.readAgain(bucket);
    },
    report,
  });
  const repair = new Repair({ link, scripts, rules: new TellingRules(listener, webhookDelayMs) });
  const membership = new Membership({
    link,
    leaseMs,
    repair,
    expected: (bucket) => contributions.expected(bucket),
    differs: (bucket) => contributions.enterAgain(bucket),
    givenUp: () => contributions.enterAll(),
    seen: ({ living }) => facts.ranksChanged(living.indexOf(link.nodeId), living.length),
    report,
  });

  const topics = new Topics({
    link,
    log,
    listener: {
      message: (channel, message) => takeIncoming({ listener, replicas, users }, channel, message),
      heard: (channel) => {
        if (hasMembers(channel)) replicas.heard(channel);
        else users.heard(channel);
      },
      dropped: (channel) => replicas.dropped(channel),
    },
  });
  const outgoing = new Outgoing(link);
  const replicas = new Replicas({
    link,
    read: async (channel) => {
      await contributions.flush(bucketOf(channel.appId, channel.name));
      return readMembers(link, scripts, channel);
    },
    listen: (channel) => topics.listen(channel),
    isHere: (channel, userId) => (contributions.holdings.find(channel)?.members.get(userId)?.sockets ?? 0) > 0,
    listener,
    settlingMs: leaseMs,
  });
  const users = new UserWatch({
    link,
    topics,
    outgoing,
    read: async (appId, userId) => {
      await contributions.flush(bucketOf(appId, userChannel(userId)));
      return readUser(link, scripts, appId, userId);
    },
    listener,
    settlingMs: leaseMs,
  });
  const reads = new ChannelReads({
    link,
    holdings: contributions.holdings,
    flush: (bucket) => contributions.flush(bucket),
    roster: (channel) => replicas.find(channel),
  });
  const shared = new SharedState({ link, topics, leaseMs, listener });
  const facts = new FactSender({ link, topics, listener, leaseMs, log });

  link.on('up', () => {
    // Known before they are used, so that none is sent twice and overtaken meanwhile.
    Promise.all([scripts.load(), facts.load()]).catch((error: unknown) =>
      log.warn({ err: error }, 'redis did not take a script'),
    );
    contributions.enterAll();
    void membership.begin();
  });
  link.on('down', () => {
    contributions.leaveAll();
    membership.pause();
  });
  return {
    contributions,
    membership,
    repair,
    topics,
    replicas,
    outgoing,
    users,
    reads,
    shared,
    facts,
  };
}
