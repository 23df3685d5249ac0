import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import session from 'express-session';
import { afterEach, expect, it } from 'vitest';
import { sessionMiddleware } from './session.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** The cookie that a page answers which begins a session, asked for through a proxy that came by this scheme. */
async function cookieOf(isHttps: boolean, scheme: 'http' | 'https'): Promise<string | undefined> {
  const app = express();
  app.use(sessionMiddleware({ store: new session.MemoryStore(), secret: 'secret', isHttps }));
  app.get('/', (req, res) => {
    req.session.csrfToken = 'begun';
    res.end();
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'X-Forwarded-Proto': scheme } });
  return answer.headers.getSetCookie()[0];
}

it('under https the session’s cookie is never sent in the clear', async () => {
  expect(await cookieOf(true, 'https')).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
  expect(await cookieOf(true, 'http')).toBeUndefined();
});

it('under http it is kept from scripts and from other sites’ forms', async () => {
  expect(await cookieOf(false, 'http')).toMatch(/; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
});
