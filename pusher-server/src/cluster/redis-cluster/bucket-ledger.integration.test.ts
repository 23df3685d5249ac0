import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { redisIsMissing } from '../../../../test-support/redis-program.ts';
import { assertAgreement, Ledger } from '../../../tests/cluster/bucket-ledger.ts';
import {
  BUCKET,
  enterBucket,
  ripenUntil,
  startBucket,
  type BucketUnderTest,
  type NodeInBucket,
} from '../../../tests/cluster/bucket-under-test.ts';
import { DROPPED } from './scripts/caller.ts';

const ROOM = 'presence-a';
const NEWS = 'news';
const NODES = ['one', 'two', 'six'];
const USERS = ['ann', 'bob'];

const node = fc.nat({ max: NODES.length - 1 });
/** `times`: how often it is sent, since an answer may be lost. `late`: an old command comes after it. */
const sent = { node, times: fc.integer({ min: 1, max: 3 }), late: fc.boolean() };
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('channel' as const), ...sent, sockets: fc.nat({ max: 2 }) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('member' as const),
      ...sent,
      user: fc.constantFrom(...USERS),
      sockets: fc.nat({ max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('dies' as const), node }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('returns' as const), node }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('ripens' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

describe.skipIf(redisIsMissing)('many nodes in a bucket', () => {
  let bucket: BucketUnderTest;
  beforeAll(async () => {
    bucket = await startBucket();
  });
  afterAll(() => bucket.stop());

  const takeAway = async (dead: NodeInBucket) => {
    for (;;) {
      const { epoch, items } = await bucket.scripts.fence(BUCKET, dead.node);
      if (items.length === 0) return;
      const caller = { node: dead.node, epoch, generation: DROPPED, number: 0 };
      for (const { name, userId } of items) {
        if (userId === null) await dead.channel(name, 0, {}, caller);
        else await dead.member(name, userId, 0, 0, {}, caller);
      }
    }
  };

  const run = async (delayMs: number, steps: readonly Step[]) => {
    await bucket.redis.cli('FLUSHALL');
    const nodes: NodeInBucket[] = [];
    for (const id of NODES) nodes.push(await enterBucket(bucket, { id, telling: { delayMs } }));
    const ledger = new Ledger(NODES.length);
    for (const what of steps) await take(nodes, ledger, what);
    await ripenUntil(bucket, async () => (await bucket.link.commands.zcard(bucket.link.keys.due(BUCKET))) === 0);
    await assertAgreement(bucket, ledger, { room: ROOM, channel: NEWS });
  };

  const take = async (nodes: readonly NodeInBucket[], ledger: Ledger, what: Step): Promise<void> => {
    if (what.kind === 'ripens') {
      await bucket.ripen();
      return;
    }
    const by = nodes[what.node];
    if (by === undefined) return;
    switch (what.kind) {
      case 'channel': {
        if (!ledger.lives(what.node)) return;
        const old = by.caller();
        const caller = by.caller();
        for (let i = 0; i < what.times; i += 1) await by.channel(NEWS, what.sockets, {}, caller);
        if (what.late) await by.channel(NEWS, 9, {}, old);
        ledger.setSockets(what.node, what.sockets);
        return;
      }
      case 'member': {
        if (!ledger.lives(what.node)) return;
        ledger.setMember(what.node, what.user, what.sockets);
        const [old, caller] = [by.caller(), by.caller()];
        const all = ledger.roomSockets(what.node);
        for (let i = 0; i < what.times; i += 1) await by.member(ROOM, what.user, what.sockets, all, {}, caller);
        if (what.late) await by.member(ROOM, 'eve', 9, 9, {}, old);
        return;
      }
      case 'dies':
        await takeAway(by);
        ledger.dies(what.node);
        return;
      case 'returns': {
        // Whoever was about to take its share away has only begun.
        await bucket.scripts.fence(BUCKET, by.node);
        const { items } = await by.enterAgain();
        for (const { name, userId } of items) {
          if (userId === null) await by.channel(name, 0);
          else await by.member(name, userId, 0, 0);
        }
        ledger.returns(what.node);
      }
    }
  };

  it.each([0, 15])(
    'K4, K5, K7, K19: whatever comes twice, late or never, with a delay of %i ms all add up',
    async (delayMs) => {
      const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => run(delayMs, steps));
      await fc.assert(property, { numRuns: delayMs === 0 ? 40 : 20 });
    },
  );
});
