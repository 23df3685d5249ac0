import fc from 'fast-check';
import { expect } from 'vitest';
import { isPresence, Model } from './model.ts';
import { runsOf, SLOTS, type Frame, type Step } from './steps.ts';
import { World } from './world.ts';

/** How soon the server knows that a connection has gone, when nobody told it. */
const NOTICED_WITHIN_MS = 500;

/**
 * Drives the model and a real server through random runs and compares them after every step: what each connection
 * heard, who is connected, signed in and subscribed, what is occupied, counted and present; after each run also what
 * the webhook was told, in order. Throws with the shortest failing run that fast-check finds within the time, and its
 * seed; and when the time is over before the runs are.
 */
export async function agreeOver(runs: number, steps: number, limitMs: number): Promise<void> {
  const world = await World.open();
  try {
    await fc.assert(
      fc.asyncProperty(runsOf(steps), (run) => agreeOn(world, run)),
      { numRuns: runs, interruptAfterTimeLimit: limitMs, markInterruptAsFailure: true },
    );
  } finally {
    await world.close();
  }
}

async function agreeOn(world: World, steps: readonly Step[]): Promise<void> {
  const model = new Model();
  world.beginRun();
  try {
    for (const slot of SLOTS) await take(world, model, { kind: 'connect', slot });
    for (const step of steps) {
      if (await take(world, model, step)) await compare(world, model, step.kind === 'close' ? NOTICED_WITHIN_MS : 0);
    }
    for (const slot of [...model.connections.keys()]) await take(world, model, { kind: 'close', slot, cleanly: true });
    await compare(world, model, NOTICED_WITHIN_MS);
    expect(await world.told(), 'webhooks').toEqual(model.told.take());
  } finally {
    await world.endRun();
  }
}

/** Does one step on both sides; `false` when it makes no sense now and was left out. */
async function take(world: World, model: Model, step: Step): Promise<boolean> {
  switch (step.kind) {
    case 'nothing':
      return false;
    case 'connect':
      if (model.connections.has(step.slot)) return false;
      model.connect(step.slot);
      await world.connect(step.slot);
      return true;
    case 'close':
      if (!model.connections.has(step.slot)) return false;
      model.close(step.slot);
      await world.disconnect(step.slot, step.cleanly);
      return true;
    case 'send':
      if (!model.connections.has(step.slot)) return false;
      for (const unresolved of step.frames) {
        const frame = resolve(model, step.slot, unresolved);
        world.send(step.slot, frame);
        model.receive(step.slot, frame);
      }
      return true;
    case 'trigger': {
      const channels = [...new Set(step.channels)];
      expect(await world.trigger(step.channels, step.data, step.except)).toBe(statusFor(channels));
      if (statusFor(channels) === 200) model.publish(channels, step.data, step.except);
      return true;
    }
    case 'batch':
      expect(await world.batch(step.channels, step.data)).toBe(statusFor(step.channels));
      if (statusFor(step.channels) === 200) model.publish(step.channels, step.data, null);
      return true;
    case 'terminate': {
      const slots = model.signedInAs(step.user);
      for (const slot of slots) model.close(slot);
      await world.terminate(step.user, step.reconnect);
      for (const slot of slots) expect(await world.closedByServer(slot)).toBe(step.reconnect ? 4200 : 4009);
      return true;
    }
    default:
      return step satisfies never;
  }
}

/** Puts the connection's own channel where a frame says only which of them. */
function resolve(model: Model, slot: number, frame: Frame): Frame {
  if (frame.kind === 'nonsense' || frame.kind === 'sign-in' || !frame.channel.startsWith('@')) return frame;
  const own = [...(model.connections.get(slot)?.channels.keys() ?? [])];
  return { ...frame, channel: own[Number(frame.channel.slice(1)) % own.length] ?? 'news' };
}

function statusFor(channels: readonly string[]): 200 | 400 {
  return channels.some((name) => name.includes(' ')) ? 400 : 200;
}

async function compare(world: World, model: Model, patienceMs: number): Promise<void> {
  const connected = Object.fromEntries(
    [...model.connections].map(([slot, { user, channels }]) => [slot, { user, channels: [...channels.keys()].sort() }]),
  );
  if (patienceMs === 0) expect(await world.connections()).toEqual(connected);
  else await expect.poll(() => world.connections(), { timeout: patienceMs, interval: 5 }).toEqual(connected);
  for (const [slot, { heard }] of model.connections) {
    expect(await world.heard(slot), `heard at ${String(slot)}`).toEqual(heard.take());
  }
  const occupied = model.occupied();
  expect(await world.occupied()).toEqual(occupied);
  for (const channel of Object.keys(occupied).filter(isPresence)) {
    expect(await world.members(channel), channel).toEqual(model.members(channel));
  }
}
