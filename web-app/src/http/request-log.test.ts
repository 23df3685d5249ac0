import express from 'express';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { requestLog } from './request-log.ts';

it('says what was asked for, and nothing that opens a door', async () => {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const app = express();
  app.use(requestLog(pino({ level: 'debug' }, sink)));
  app.use((_req, res) => res.sendStatus(404));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await fetch(`${url}/api/v1/me?visitor_token=secret`);
  await fetch(`${url}/files/0123456789abcdef0123456789abcdef/photo.png`);
  server.close();
  await once(server, 'close');

  const paths = lines.map((line) => (JSON.parse(line) as { req: { path: string } }).req.path);
  expect(paths).toEqual(['/api/v1/me', '/files/…']);
  expect(lines.join('')).not.toMatch(/secret|0123456789abcdef/);
});
