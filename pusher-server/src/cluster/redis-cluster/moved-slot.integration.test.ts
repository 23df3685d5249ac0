import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedisMasters, type RedisMasters } from '../../../../test-support/redis-cluster.ts';
import { openRedisLink, until } from '../../../../test-support/redis-link.ts';
import type { ChannelRef } from '../cluster.ts';
import { Outgoing } from './outgoing.ts';
import { decodeMessage, eventMessage } from './topic-message.ts';
import { Topics } from './topics.ts';

let cluster: RedisMasters;

beforeAll(async () => {
  cluster = await startRedisMasters();
});
afterAll(async () => {
  await cluster.drop();
});

function channel(name: string): ChannelRef {
  return { appId: 'app', name, topic: `app/${name}` };
}

function openNode() {
  const { link, isUp } = openRedisLink(cluster.url);
  const heard: string[] = [];
  const topics = new Topics({
    link,
    log: { info: () => undefined, warn: () => undefined },
    listener: {
      message: (_channel, bytes) => {
        const message = decodeMessage(bytes);
        if (message?.kind === 'event') heard.push(message.frame);
      },
      heard: () => undefined,
      dropped: () => undefined,
    },
  });
  const outgoing = new Outgoing(link);
  const say = (name: string, frame: string) =>
    outgoing.send(topics.nameOf(channel(name)), eventMessage(link.nodeId, frame, null));
  return { link, isUp, topics, heard, say, outgoing };
}

/** Gives a slot of the first master that has it to another one, as an operator does. */
async function moveSlot(slot: string): Promise<void> {
  const ids = await Promise.all(cluster.masters.map((master) => master.cli('CLUSTER', 'MYID')));
  const owners = await Promise.all(cluster.masters.map((master) => owns(master, slot)));
  const from = owners.indexOf(true);
  const to = (from + 1) % ids.length;
  const [fromId = '', toId = ''] = [ids[from], ids[to]];
  await cluster.masters[to]?.cli('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
  await cluster.masters[from]?.cli('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
  for (const index of [to, from, (from + 2) % ids.length]) {
    await cluster.masters[index]?.cli('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
  }
}

async function owns(master: RedisMasters['masters'][number], slot: string): Promise<boolean> {
  const id = await master.cli('CLUSTER', 'MYID');
  const line = (await master.cli('CLUSTER', 'NODES')).split('\n').find((text) => text.startsWith(id)) ?? '';
  return line.split(' ').some((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return /^\d+(-\d+)?$/.test(range) && Number(slot) >= Number(first) && Number(slot) <= Number(last);
  });
}

describe('topics on a Redis Cluster', () => {
  it('K43: those of a slot that moves are heard again where it went', async () => {
    const [one, other] = [openNode(), openNode()];
    await Promise.all([one.isUp(), other.isUp()]);
    const names = Array.from({ length: 60 }, (_, index) => `news-${String(index)}`);
    for (const confirmed of names.map((name) => one.topics.listen(channel(name)))) await confirmed;
    for (const name of names) other.say(name, `before ${name}`);
    await until(() => one.heard.length === names.length);
    const slot = await cluster.masters[0]?.cli('CLUSTER', 'KEYSLOT', one.topics.nameOf(channel('news-7')));
    for (let turn = 0; turn < 3; turn++) {
      const gaps = one.topics.gaps;
      await moveSlot(slot ?? '');
      await until(() => one.topics.gaps > gaps && names.every((name) => one.topics.isHeard(channel(name))));
      one.heard.length = 0;
      for (const name of names) other.say(name, `after ${name}`);
      await until(() => other.outgoing.length === 0);
      await until(() => one.heard.length >= names.length);
      expect([...one.heard].sort()).toEqual(names.map((name) => `after ${name}`).sort());
    }
    for (const node of [one, other]) {
      node.topics.close();
      node.link.close();
    }
  });
});
