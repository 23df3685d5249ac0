import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { listen } from './listen.ts';

it('answers a request that came before there was anything to serve it', async () => {
  const server = await listen('127.0.0.1', 0);
  onTestFinished(() => server.close());
  const early = connect(server.port, '127.0.0.1');
  await once(early, 'connect');
  await new Promise<void>((resolve) => early.write('GET /early HTTP/1.1\r\nHost: x\r\n\r\n', () => resolve()));
  // By the answer to a later, broken request it is known that the earlier one has been read.
  const later = connect(server.port, '127.0.0.1', () => later.write('nonsense\r\n\r\n'));
  await once(later, 'data');

  server.serve((request, response) => response.end(`here is ${request.url ?? ''}`));
  const [answer] = (await once(early, 'data')) as [Buffer];
  expect(answer.toString()).toContain('here is /early');
  early.destroy();
  later.destroy();
});
