import fc from 'fast-check';

/** The places that connections of a run may have; so many can be open at once. */
export const SLOTS = [0, 1, 2, 3, 4] as const;
const USERS = ['ann', 'bob', 'cat'] as const;

/** Every kind of channel, presence ones often enough for members to meet, and a name that is none. */
const channel = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('presence-a', 'presence-a', 'presence-b', 'presence-cache-a') },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      'news',
      'cache-news',
      'private-a',
      'private-cache-a',
      'private-encrypted-a',
      'private-encrypted-cache-a',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom('#server-to-user-ann', '#server-to-user-bob') },
  { weight: 1, arbitrary: fc.constant('two words') },
);
/** Any channel, or `@N`: the connection's own Nth at that time, so that most frames are about one that it has. */
const held = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('@0', '@1', '@2', '@3') },
  { weight: 1, arbitrary: channel },
);

/** What a client may send in one frame. */
export type Frame =
  | {
      readonly kind: 'subscribe';
      readonly channel: string;
      /** `wrong` is signed for another connection, `absent` is not signed at all. */
      readonly signature: 'right' | 'wrong' | 'absent';
      /** The user in `channel_data` of a presence channel; `null` sends none and relies on the sign-in. */
      readonly user: string | null;
    }
  | { readonly kind: 'unsubscribe'; readonly channel: string }
  | { readonly kind: 'client-event'; readonly channel: string; readonly data: unknown }
  | { readonly kind: 'sign-in'; readonly user: string; readonly right: boolean }
  | { readonly kind: 'nonsense'; readonly text: string };

/** One step of a run. One that makes no sense at its time (a frame without a connection) does nothing. */
export type Step =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'connect'; readonly slot: number }
  | { readonly kind: 'close'; readonly slot: number; readonly cleanly: boolean }
  /** Frames that leave together, before any answer to the first has come. */
  | { readonly kind: 'send'; readonly slot: number; readonly frames: readonly Frame[] }
  | {
      readonly kind: 'trigger';
      readonly channels: readonly string[];
      readonly data: string;
      readonly except: number | null;
    }
  | { readonly kind: 'batch'; readonly channels: readonly string[]; readonly data: string }
  | { readonly kind: 'terminate'; readonly user: string; readonly reconnect: boolean };

/** The first value nine times out of ten. */
function mostly<Value>(usual: Value, ...others: Value[]): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
}

const slot = fc.constantFrom(...SLOTS);
const user = fc.constantFrom(...USERS);
const text = fc.string({ maxLength: 20, unit: 'grapheme' });

const frame: fc.Arbitrary<Frame> = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.record({
      kind: fc.constant('subscribe' as const),
      channel,
      signature: mostly('right' as const, 'wrong' as const, 'absent' as const),
      user: fc.option(user, { freq: 6 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('unsubscribe' as const), channel: held }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('client-event' as const),
      channel: held,
      data: fc.oneof(text, fc.jsonValue({ maxDepth: 2 })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('sign-in' as const),
      user,
      right: mostly(true, false),
    }),
  },
  // Half a frame, another one's words, or bytes of any kind: nothing that asks for something.
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('nonsense' as const),
      text: fc.oneof(
        fc.string(),
        fc.json({ maxDepth: 1 }).filter((json) => !json.includes('"event"')),
        fc.constantFrom('{"event":1}', '{"event":"pusher:subscribe"}', '{"event":"pusher:subscribe","data":{}}', '{'),
      ),
    }),
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constant({ kind: 'nothing' as const }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('connect' as const), slot }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('close' as const), slot, cleanly: fc.boolean() }) },
  {
    weight: 26,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      slot,
      frames: fc.array(frame, { minLength: 1, maxLength: 6, size: 'max' }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('trigger' as const),
      channels: fc.array(channel, { minLength: 1, maxLength: 3 }),
      data: text,
      except: fc.option(slot),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('batch' as const),
      channels: fc.array(channel, { minLength: 1, maxLength: 3 }),
      data: text,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('terminate' as const), user, reconnect: fc.boolean() }),
  },
);

/** Runs of exactly so many steps; a failing one shrinks by its steps becoming `nothing`. */
export function runsOf(length: number): fc.Arbitrary<readonly Step[]> {
  return fc.tuple(...Array.from({ length }, () => step));
}
