import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FallbackPeers } from './fallback-peers.ts';
import { decodeMessage, encodeMessage, type FallbackMessage } from './fallback-wire.ts';

/** Two processes, what is on its way between them, and what each was told. */
function pair() {
  const onTheWay: { readonly to: string; readonly text: string }[] = [];
  const told: Record<string, string[]> = { a: [], b: [] };
  const inUse: Record<string, boolean> = { a: false, b: false };
  const peers: Record<string, FallbackPeers> = {};
  for (const me of ['a', 'b']) {
    const say = (line: string) => told[me]?.push(line);
    peers[me] = new FallbackPeers(me, 3_000, (to, text) => onTheWay.push({ to, text }), {
      message: (_node, { kind, ref }) => say(`${kind} ${String(ref)}`),
      confirmed: (_node, number) => say(`confirmed ${String(number)}`),
      lost: () => {
        say('lost');
        inUse[me] = false;
      },
      isInUse: () => inUse[me] === true,
    });
  }
  const deliver = () => {
    for (let next = onTheWay.shift(); next !== undefined; next = onTheWay.shift()) peers[next.to]?.hear(next.text);
  };
  const loseAll = () => onTheWay.splice(0);
  const tell = (from: 'a' | 'b', ref: number) => peers[from]?.tell(from === 'a' ? 'b' : 'a', { kind: 'gone', ref });
  const tick = (name: 'a' | 'b', now = performance.now()) => peers[name]?.tick(now);
  const heard = (name: 'a' | 'b') => told[name]?.splice(0) ?? [];
  return { onTheWay, inUse, deliver, loseAll, tell, tick, heard };
}

describe('what processes say to each other', () => {
  it('K73: arrives in order, and is confirmed with the next sign of life', () => {
    const { inUse, deliver, tell, tick, heard } = pair();
    inUse['a'] = true;
    expect([tell('a', 7), tell('a', 8)]).toEqual([1, 2]);
    deliver();
    expect(heard('b')).toEqual(['gone 7', 'gone 8']);
    tick('a');
    deliver();
    expect([heard('a'), heard('b')]).toEqual([['confirmed 2'], ['confirmed 0']]);
  });

  it('K73: a hole is noticed with the next message, by both', () => {
    const { inUse, deliver, loseAll, tell, heard } = pair();
    inUse['a'] = inUse['b'] = true;
    tell('a', 1);
    deliver();
    tell('a', 2);
    loseAll();
    tell('a', 3);
    deliver();
    expect(heard('b')).toEqual(['gone 1', 'lost', 'gone 3']);
    expect(heard('a')).toEqual(['lost']);
  });

  it('K73: a lost last message is noticed with the next sign of life', () => {
    const { inUse, deliver, loseAll, tell, tick, heard } = pair();
    inUse['a'] = true;
    tell('a', 1);
    loseAll();
    tick('a');
    deliver();
    expect(heard('b')).toEqual(['lost', 'confirmed 0']);
    expect(heard('a')).toContain('lost');
  });

  it('K74: who is silent for its time is given up, and only by those who have to do with it', () => {
    const { inUse, loseAll, tell, tick, heard } = pair();
    inUse['a'] = true;
    tell('a', 1);
    const now = performance.now();
    tick('a', now + 2_900);
    expect(heard('a')).toEqual([]);
    tick('a', now + 3_100);
    expect(heard('a')).toEqual(['lost']);
    loseAll();
    tick('a', now + 60_000);
    expect(heard('a')).toEqual([]);
  });

  it('K73: two who have nothing to do with each other fall silent', () => {
    const { onTheWay, inUse, deliver, tell, tick } = pair();
    inUse['a'] = true;
    tell('a', 1);
    tick('a');
    deliver();
    inUse['a'] = false;
    for (const name of ['a', 'b'] as const) tick(name);
    expect(onTheWay).toEqual([]);
  });

  it('K69: every message comes out as it went in, and nothing else does', () => {
    const text = fc.string();
    const ref = fc.nat();
    const message: fc.Arbitrary<FallbackMessage> = fc.oneof(
      fc.record({ kind: fc.constantFrom('write' as const, 'finish' as const), ref, text }),
      fc.record({ kind: fc.constant('send' as const), ref, session: text, text }),
      fc.record({ kind: fc.constant('progress' as const), ref, bytes: fc.nat(), drained: fc.boolean() }),
      fc.record({ kind: fc.constantFrom('gone' as const, 'attached' as const), ref }),
    );
    fc.assert(
      fc.property(message, fc.nat(), (sent, number) => {
        expect(decodeMessage(encodeMessage('a', number, sent))).toEqual({ from: 'a', number, message: sent });
      }),
    );
    fc.assert(fc.property(fc.oneof(text, fc.json()), (garbage) => decodeMessage(garbage) === null));
  });
});
