import { describe, expect, it } from 'vitest';
import { Replica, type MemberDelta } from './replica.ts';

/** A replica, everything that was told of it in order, and whom this node holds. */
function setUp(...here: readonly string[]) {
  const told: string[] = [];
  const isHere = new Set(here);
  const replica = new Replica({
    memberAdded: (userId, userInfo) => told.push(userInfo === null ? `+${userId}` : `+${userId} ${userInfo}`),
    memberRemoved: (userId) => told.push(`-${userId}`),
    isHere: (userId) => isHere.has(userId),
  });
  const members = () => [...replica.roster.members.keys()].sort();
  return { replica, told, members, isHere };
}

function added(version: number, userId: string, userInfo: string | null = null): MemberDelta {
  return { kind: 'added', version, userId, userInfo };
}

function removed(version: number, userId: string): MemberDelta {
  return { kind: 'removed', version, userId };
}

function read(version: number, users: readonly string[], epoch = 'first') {
  return { epoch, version, members: users.map((userId) => [userId, null] as const) };
}

describe('a replica of the members of a channel', () => {
  it('K44: what is told during a reading is taken after it, in order, without what the reading holds', () => {
    const { replica, told, members } = setUp();
    replica.beginReading();
    replica.take(added(11, 'ann'));
    replica.take(added(12, 'bob'));
    replica.take(removed(13, 'ann'));
    expect(members()).toEqual([]);
    expect(replica.finishReading(read(12, ['ann', 'bob']))).toBe('taken');
    expect(told).toEqual(['+ann', '+bob', '-ann']);
    expect(replica.version).toBe(13);
  });

  it('K44: every member is told once, and the roster’s own version rises with each', () => {
    const { replica, told } = setUp();
    replica.finishReading(read(1, []));
    replica.take(added(2, 'ann', '{"a":1}'));
    replica.take(added(2, 'ann', '{"a":1}'));
    replica.take(removed(3, 'nobody'));
    replica.take(removed(4, 'ann'));
    replica.take(removed(4, 'ann'));
    expect(told).toEqual(['+ann {"a":1}', '-ann']);
    expect(replica.roster.version).toBe(2);
  });

  it('K44: a version that is missing makes it read again; clients keep their list and hear only the difference', () => {
    const { replica, told, members } = setUp();
    replica.finishReading(read(5, ['ann', 'bob']));
    told.length = 0;
    expect(replica.take(removed(7, 'bob'))).toBe('missing');
    replica.take(added(8, 'cho'));
    expect([told, members()]).toEqual([[], ['ann', 'bob']]);
    expect(replica.finishReading(read(8, ['ann', 'cho', 'dan']))).toBe('taken');
    expect(told).toEqual(['-bob', '+cho', '+dan']);
  });

  it('K44: a version that is missing behind a reading makes it read once more', () => {
    const { replica, members } = setUp();
    replica.beginReading();
    replica.take(added(9, 'ann'));
    expect(replica.finishReading(read(7, ['bob']))).toBe('missing');
    replica.beginReading();
    expect(replica.finishReading(read(9, ['ann', 'bob']))).toBe('taken');
    expect(members()).toEqual(['ann', 'bob']);
  });

  it('K44: what a storm tells during a reading is bounded, and read instead', () => {
    const { replica, members } = setUp();
    replica.beginReading();
    for (let version = 2; version <= 20_002; version++) replica.take(added(version, `user-${String(version)}`));
    expect(replica.finishReading(read(1, []))).toBe('missing');
    expect(members()).toEqual([]);
    expect(replica.finishReading(read(20_002, ['ann']))).toBe('taken');
    expect(members()).toEqual(['ann']);
  });

  it('K44: other information about a member is told as leaving and coming', () => {
    const { replica, told } = setUp();
    replica.finishReading(read(1, []));
    replica.take(added(2, 'ann', '"old"'));
    replica.beginReading();
    replica.finishReading({ epoch: 'first', version: 4, members: [['ann', '"new"']] });
    expect(told).toEqual(['+ann "old"', '-ann', '+ann "new"']);
  });

  it('K47: its own contribution is taken at once when it is the next, and not again from the topic', () => {
    const { replica, told } = setUp('ann');
    replica.finishReading(read(1, []));
    replica.takeOwn(added(2, 'ann'));
    replica.take(added(2, 'ann'));
    replica.takeOwn(added(4, 'cho'));
    expect([told, replica.version]).toEqual([['+ann'], 2]);
    replica.take(added(3, 'bob'));
    replica.take(added(4, 'cho'));
    expect(told).toEqual(['+ann', '+bob', '+cho']);
  });

  it('K46: who comes and goes here while Redis is away is told; a later reading brings only the difference', () => {
    const { replica, told, isHere } = setUp();
    replica.finishReading(read(1, ['ann', 'bob']));
    told.length = 0;
    replica.abandonReading();
    isHere.add('cho');
    replica.changeAlone('cho', null, true);
    replica.changeAlone('cho', null, true);
    replica.changeAlone('bob', null, false);
    replica.beginReading();
    // What Redis knew before this node’s own changes reached it.
    replica.finishReading(read(9, ['ann', 'dan']));
    expect(told).toEqual(['+cho', '-bob', '+dan']);
  });

  it('K45: when Redis has lost its past nobody leaves the list until it has settled', () => {
    const { replica, told, members } = setUp('ann');
    replica.finishReading(read(5, ['ann', 'bob', 'cho']));
    told.length = 0;
    replica.beginReading();
    replica.finishReading(read(1, [], 'second'));
    expect([told, members(), replica.hasDoubtful]).toEqual([[], ['ann', 'bob', 'cho'], true]);
    replica.take(added(2, 'bob'));
    replica.beginReading();
    replica.finishReading(read(3, ['ann', 'bob'], 'second'));
    expect(told).toEqual([]);
    replica.settle();
    expect([told, members(), replica.hasDoubtful]).toEqual([['-cho'], ['ann', 'bob'], false]);
  });
});
