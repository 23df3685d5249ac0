import { describe, expect, it } from 'vitest';
import type { FallbackReceiver } from '../transport/fallback-receiver.ts';
import { FallbackRelays } from './fallback-relays.ts';
import { FallbackSends } from './fallback-sends.ts';
import type { FallbackMessage } from './fallback-wire.ts';

/** A response, and what became of it. */
function response(): FallbackReceiver & { readonly text: () => string; keepsUp: boolean } {
  let text = '';
  return {
    mode: 'streaming',
    keepsUp: true,
    text: () => text,
    write(more) {
      text += more;
      return this.keepsUp;
    },
    finish: (last, leaves = false) => (text += `${last}${leaves ? '[leave]' : '[end]'}`),
    abort: () => (text += '[broken]'),
  };
}

function relays() {
  const said: string[] = [];
  const tell = (node: string, message: FallbackMessage) => {
    const more = message.kind === 'progress' ? ` ${String(message.bytes)}${message.drained ? ' drained' : ''}` : '';
    said.push(`${node} ${message.kind} ${String(message.ref)}${more}`);
  };
  return { said, held: new FallbackRelays(tell, () => said.push('empty')) };
}

const nobody = () => undefined;

describe('responses that are held for other processes', () => {
  it('K71: get what the owner writes, and only from the owner', () => {
    const { said, held } = relays();
    const receiver = response();
    held.attach('owner', 's', receiver, nobody);
    held.write('stranger', 1, 'x');
    held.write('owner', 1, 'o\n');
    held.finish('owner', 1, 'c');
    expect([receiver.text(), said]).toEqual(['o\nc[end]', ['owner attach 1', 'empty']]);
  });

  it('K71: the owner hears how far the client is, at once when it reads again', () => {
    const { said, held } = relays();
    const receiver = response();
    const events = held.attach('owner', 's', receiver, nobody);
    held.write('owner', 1, 'x'.repeat(10_000));
    held.write('owner', 1, 'x'.repeat(10_000));
    receiver.keepsUp = false;
    held.write('owner', 1, 'é'.repeat(10_000));
    events.writable();
    expect(said).toEqual(['owner attach 1', 'owner progress 1 20000', 'owner progress 1 20000 drained']);
  });

  it('K74: an owner that does not answer is asked no longer than 3 s', () => {
    const { said, held } = relays();
    let unknown = 0;
    held.attach('owner', 's', response(), () => (unknown += 1));
    const now = performance.now();
    held.tick(now + 2_900);
    expect(unknown).toBe(0);
    held.tick(now + 3_100);
    expect([unknown, said]).toEqual([1, ['owner attach 1', 'owner gone 1', 'empty']]);
  });

  it('K73: are broken off when something of their owner was lost', () => {
    const { held } = relays();
    const [lost, other] = [response(), response()];
    held.attach('owner', 's', lost, nobody);
    held.attach('other', 't', other, nobody);
    held.lost('owner');
    expect([lost.text(), other.text(), held.size]).toEqual(['[broken]', '', 1]);
  });

  it('K75: are given back when this process stops, and their clients go elsewhere', () => {
    const { said, held } = relays();
    const receiver = response();
    held.attach('owner', 's', receiver, nobody);
    held.leave();
    held.finish('owner', 1, '');
    expect([receiver.text(), said]).toEqual(['[leave]', ['owner attach 1', 'owner release 1', 'empty']]);
  });

  it('K71: beyond 10,000 a client is refused with 4100', () => {
    const { held } = relays();
    for (let count = 0; count < 10_000; count++) held.attach('owner', 's', response(), nobody);
    const refused = response();
    held.attach('owner', 's', refused, nobody);
    expect(held.size).toBe(10_000);
    expect(refused.text()).toMatch(/^o\na\[.*4100.*\]\nc\[4100,"[^"]+"\]\n\[end\]$/);
  });
});

describe('what is passed on for clients', () => {
  function sends() {
    const said: string[] = [];
    const passed = new FallbackSends((node, message) => {
      if (message.kind === 'send') said.push(`${node} ${String(message.ref)} ${message.text.slice(0, 10)}`);
    });
    return { said, passed };
  }

  it('K70: goes one after the other, each again until it is answered', async () => {
    const { said, passed } = sends();
    const [one, two] = [passed.pass('owner', 's', 'one'), passed.pass('owner', 's', 'two')];
    expect(said.splice(0)).toEqual(['owner 1 one']);
    passed.tick(performance.now() + 1_100);
    expect(said.splice(0)).toEqual(['owner 1 one']);
    passed.sent('stranger', 1, 'taken');
    passed.sent('owner', 1, 'taken');
    expect([await one, said]).toEqual(['taken', ['owner 2 two']]);
    passed.tick(performance.now() + 3_100);
    expect([await two, passed.ownerOf('s')]).toEqual(['unknown-session', null]);
  });

  it('K70: more than 16 MB do not wait', async () => {
    const { passed } = sends();
    const half = 'x'.repeat(8 * 1024 * 1024);
    void passed.pass('owner', 's', half);
    void passed.pass('owner', 't', half);
    expect(await passed.pass('owner', 's', 'x')).toBe('overloaded');
    passed.sent('owner', 1, 'taken');
    void passed.pass('owner', 's', 'x');
    expect(passed.ownerOf('s')).toBe('owner');
    passed.close();
  });
});
