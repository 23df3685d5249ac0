import { expect, it } from 'vitest';
import { connect } from '../../test-support/websocket-client.ts';
import { frame, greeted, settled, subscribed, type Frame } from './frames.ts';
import { startTestServer } from './start.ts';

it('L4: a client that does not read is closed with 4100 and misses nothing before that; others get everything', async () => {
  const server = await startTestServer([{}], { maxBufferBytes: 64 * 1024 });
  const slow = await connect(server.ws());
  const quick = await connect(server.ws());
  await subscribed(slow, await greeted(slow), 'stream');
  await subscribed(quick, await greeted(quick), 'stream');
  slow.socket.pause();

  const padding = 'x'.repeat(10_000);
  const scrape = async () => (await fetch(`http://127.0.0.1:${String(server.metricsPort)}/metrics`)).text();
  let sent = 0;
  while (!(await scrape()).includes('soketi_slow_readers_closed_total 1')) {
    const batch = Array.from({ length: 10 }, () => ({
      name: 'n',
      channel: 'stream',
      data: `${String(sent++)} ${padding}`,
    }));
    expect((await server.rest('POST', '/batch_events', { body: JSON.stringify({ batch }) })).status).toBe(200);
  }
  slow.socket.resume();
  expect((await slow.closed).code).toBe(4100);

  const numbers = (frames: readonly unknown[]) =>
    frames
      .filter((message) => (message as Frame).event === 'n')
      .map((message) => parseInt(String((message as Frame).data)));
  const received = numbers(slow.pending);
  expect(received).toEqual(Array.from({ length: received.length }, (_, index) => index));
  expect(numbers(await settled(quick))).toHaveLength(sent);
  await server.rest('POST', '/events', { body: JSON.stringify({ name: 'after', channel: 'stream', data: '' }) });
  expect(await frame(quick)).toMatchObject({ event: 'after' });
  quick.close();
  await server.stop();
});
