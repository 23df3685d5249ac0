import { describe, expect, it } from 'vitest';
import { decodeMessage, eventMessage, feedMessage, FROM_SCRIPT, isFrom, terminateMessage } from './topic-message.ts';

const node = 'node0123456789ab';

function decode(text: string) {
  return decodeMessage(Buffer.from(text));
}

describe('what travels over a topic', () => {
  it('K42: an event keeps its frame byte for byte, and whom it is not for', () => {
    const frame = '{"event":"e","channel":"a","data":"eins\\nzwei 客服\n\u2028"}';
    expect(decode(eventMessage(node, frame, null))).toEqual({ kind: 'event', exceptSocketId: null, frame });
    expect(decode(eventMessage(node, frame, '12.34'))).toEqual({ kind: 'event', exceptSocketId: '12.34', frame });
  });

  it('K42: a node knows its own messages by their first bytes', () => {
    const own = Buffer.from(node);
    expect(isFrom(own, Buffer.from(eventMessage(node, '{}', null)))).toBe(true);
    expect(isFrom(own, Buffer.from(eventMessage('node0123456789ac', '{}', null)))).toBe(false);
    expect(isFrom(own, Buffer.from(`${FROM_SCRIPT}n3`))).toBe(false);
    expect(isFrom(own, Buffer.from('node0'))).toBe(false);
  });

  it('K44: members who came and left, with and without information', () => {
    const info = JSON.stringify({ name: '1\n客' });
    expect(decode(`${FROM_SCRIPT}+1795000000000000\nann\n1${info}`)).toEqual({
      kind: 'added',
      version: 1_795_000_000_000_000,
      userId: 'ann',
      userInfo: info,
    });
    expect(decode(`${FROM_SCRIPT}+7\nann\n0`)).toEqual({ kind: 'added', version: 7, userId: 'ann', userInfo: null });
    expect(decode(`${FROM_SCRIPT}-8\nann`)).toEqual({ kind: 'removed', version: 8, userId: 'ann' });
  });

  it('K50: counts, users, terminations and streams', () => {
    expect(decode(`${FROM_SCRIPT}n42`)).toEqual({ kind: 'count', count: 42 });
    expect(decode(`${FROM_SCRIPT}u3\n1`)).toEqual({ kind: 'user', version: 3, online: true });
    expect(decode(`${FROM_SCRIPT}u4\n0`)).toEqual({ kind: 'user', version: 4, online: false });
    expect(decode(terminateMessage(node, true))).toEqual({ kind: 'terminate', reconnect: true });
    expect(decode(terminateMessage(node, false))).toEqual({ kind: 'terminate', reconnect: false });
    expect(decode(feedMessage(node, '{"a":1}\n'))).toEqual({ kind: 'feed', event: '{"a":1}\n' });
  });

  it.each([
    '',
    'short',
    node,
    `${node}?`,
    `${node}e1.2`,
    `${node}+`,
    `${node}+x\nann\n0`,
    `${node}+1\n`,
    `${node}nmany`,
  ])('K42: what nobody understands is for nobody: %j', (text) => {
    expect(decode(text)).toBeNull();
  });
});
