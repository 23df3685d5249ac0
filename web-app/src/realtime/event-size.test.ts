import Pusher from 'pusher';
import { describe, expect, it } from 'vitest';
import { beginning, finalBytes } from './event-size.ts';

describe('the size of an event', () => {
  it('is counted on the bytes that are sent, escapes included', () => {
    expect(finalBytes({ channel: 'private-kefu1', name: 'e', data: { a: '您"\n' } })).toBe(
      Buffer.byteLength('{"a":"您\\"\\n"}'),
    );
  });

  it('of an encrypted channel is what the library makes of it', () => {
    const pusher = new Pusher({
      appId: 'a',
      key: 'k',
      secret: 's',
      host: '127.0.0.1',
      encryptionMasterKeyBase64: Buffer.alloc(32, 7).toString('base64'),
    });
    let body = '';
    pusher.post = (options) => {
      body = JSON.stringify(options.body);
      return Promise.resolve(new Response()) as never;
    };
    for (const text of ['', 'x', 'xy', 'xyz', '您好'.repeat(500)]) {
      const trigger = { channel: 'private-encrypted-kefu1', name: 'e', data: { text } };
      void pusher.triggerBatch([{ ...trigger }]);
      const { batch } = JSON.parse(body) as { batch: [{ data: string }] };
      expect(finalBytes(trigger)).toBe(Buffer.byteLength(batch[0].data));
    }
  });

  it('never cuts a character in two', () => {
    expect(beginning('ab😀cd', 3)).toBe('ab');
    expect(beginning('ab😀cd', 4)).toBe('ab😀');
    expect(beginning('ab', 5)).toBe('ab');
  });
});
