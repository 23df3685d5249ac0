import { expect, it } from 'vitest';
import { appSchema, prepareApp, type App } from '../apps/app.ts';
import type { Fact } from '../cluster/cluster.ts';
import { UNHEARD } from '../cluster/unheard-receipt.ts';
import { FactIntake } from './fact-intake.ts';

const app = prepareApp(appSchema.parse({ id: 'a', key: 'k', secret: 's' }));
const factOf = (channel: string): Fact => ({ kind: 'channel_occupied', appId: 'a', channel });

/** An intake whose app is known once the look-up was answered. */
function intakeWith() {
  let known: App | null = null;
  let answer: (found: App | null) => void = () => undefined;
  const taken: string[] = [];
  const byId = () =>
    new Promise<App | null>((resolve) => {
      answer = (found) => resolve((known = found));
    });
  const dispatch = (_app: App, fact: Fact) => taken.push(fact.channel);
  const intake = new FactIntake({ apps: { known: () => known, byId }, webhooks: { dispatch } });
  return { intake, taken, answer: (found: App | null) => answer(found) };
}

it('K2: facts of an app that this node has not met wait until it is looked up, in order', async () => {
  const { intake, taken, answer } = intakeWith();
  for (const channel of ['one', 'two']) intake.take(factOf(channel), UNHEARD);
  answer(app);
  intake.take(factOf('three'), UNHEARD);
  await Promise.resolve();
  intake.take(factOf('four'), UNHEARD);
  expect(taken).toEqual(['one', 'two', 'three', 'four']);
});

it('K2: facts of an app that does not exist are settled', async () => {
  const { intake, taken, answer } = intakeWith();
  const settled = new Promise<void>((resolve) => intake.take(factOf('one'), { ...UNHEARD, settled: resolve }));
  answer(null);
  await settled;
  expect(taken).toEqual([]);
});
