import { expect, it } from 'vitest';
import { connect, type QueueingSocket } from '../../test-support/websocket-client.ts';
import { frame, greeted, settled, subscribed, type Frame } from './frames.ts';
import { startTestServer, type TestServer } from './start.ts';

const BATCH = 10;
const padding = 'x'.repeat(10_000);

/** Triggers ten events of 10 KB; their data begins with a running number. */
async function triggerBatch(server: TestServer, from: number): Promise<void> {
  const batch = Array.from({ length: BATCH }, (_, index) => ({
    name: 'n',
    channel: 'stream',
    data: `${String(from + index)} ${padding}`,
  }));
  const answer = await server.rest('POST', '/batch_events', { body: JSON.stringify({ batch }) });
  expect(answer.status).toBe(200);
}

async function slowReadersClosed(server: TestServer): Promise<boolean> {
  const scrape = await (await fetch(`http://127.0.0.1:${String(server.metricsPort)}/metrics`)).text();
  return /^soketi_slow_readers_closed_total\{app_id="app-1",port="\d+"\} 1$/m.test(scrape);
}

const numbers = (frames: readonly unknown[]) =>
  frames
    .filter((message) => (message as Frame).event === 'n')
    .map((message) => parseInt(String((message as Frame).data)));

const countedFromZero = (length: number) => Array.from({ length }, (_, index) => index);

async function startWithOneWhoDoesNotRead(): Promise<{
  server: TestServer;
  slow: QueueingSocket;
  quick: QueueingSocket;
}> {
  const server = await startTestServer([{}], { maxBufferBytes: 64 * 1024 });
  const slow = await connect(server.ws());
  const quick = await connect(server.ws());
  await subscribed(slow, await greeted(slow), 'stream');
  await subscribed(quick, await greeted(quick), 'stream');
  slow.socket.pause();
  return { server, slow, quick };
}

it('L4: a client that does not read is closed with 4100 and misses nothing before that; others get everything', async () => {
  const { server, slow, quick } = await startWithOneWhoDoesNotRead();
  // More than a loopback socket holds for a client that does not read, and far from the native limit.
  let sent = 0;
  for (; sent < 900; sent += BATCH) await triggerBatch(server, sent);
  await expect.poll(() => slowReadersClosed(server), { timeout: 10_000 }).toBe(true);
  slow.socket.resume();
  expect((await slow.closed).code).toBe(4100);

  const received = numbers(slow.pending);
  expect(received).toEqual(countedFromZero(received.length));
  expect(numbers(await settled(quick))).toHaveLength(sent);
  await server.rest('POST', '/events', { body: JSON.stringify({ name: 'after', channel: 'stream', data: '' }) });
  expect(await frame(quick)).toMatchObject({ event: 'after' });
  quick.close();
  await server.stop();
});

it('L4: a client that comes to owe 16 MB is ended at once, and its stream has no hole in its middle', async () => {
  const { server, slow, quick } = await startWithOneWhoDoesNotRead();
  for (let sent = 0; !(await slowReadersClosed(server)); sent += 20 * BATCH) {
    await Promise.all(countedFromZero(20).map((index) => triggerBatch(server, sent + index * BATCH)));
  }
  slow.socket.resume();
  await slow.closed;
  const received = numbers(slow.pending);
  expect(received.length).toBeGreaterThan(0);
  expect(received).toEqual(numbers(await settled(quick)).slice(0, received.length));
  quick.close();
  await server.stop();
});
