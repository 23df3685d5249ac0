import { WebSocketServer } from 'ws';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { clientFrame } from './client-frame.ts';
import { LoadSocket } from './web-socket.ts';

describe('clientFrame', () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  afterEach(() => server.close());

  it('is read by a WebSocket server, short and long, and its answers are counted', async () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const heard: string[] = [];
    server.on('connection', (peer) =>
      peer.on('message', (message) => {
        const text = (message as Buffer).toString();
        heard.push(text);
        peer.send(text);
      }),
    );
    const socket = await LoadSocket.open(address.port, '/');
    const texts = ['short', 'ü'.repeat(60), 'x'.repeat(126), 'y'.repeat(65_535)];
    for (const text of texts) socket.sendReady(clientFrame(text));
    await socket.until(texts.length);
    expect(heard).toEqual(texts);
    const [peer] = server.clients;
    const closed = once(peer ?? server, 'close');
    await socket.close();
    expect((await closed)[0]).toBe(1000);
  });

  it('refuses what does not fit its header', () => {
    expect(() => clientFrame('z'.repeat(65_536))).toThrow(RangeError);
  });
});
