import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { RestRequest } from '../transport/uws-http.ts';
import { logged } from './request-log.ts';

const request = (requestId = ''): RestRequest => ({
  method: 'POST',
  path: '/apps/a/events',
  query: 'auth_signature=signed',
  parameters: ['a'],
  body: Buffer.from('{}'),
  receivedAt: performance.now(),
  requestId,
});

/** A logger and the lines that it has written. */
function logAt(level: string) {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>);
  return { log: pino({ level }, { write }), lines };
}

const done = { status: 200, body: '{}' };

describe('the log of requests', () => {
  it.each([
    ['at once', () => done],
    ['later', () => Promise.resolve(done)],
  ])(
    'L25: one line at debug level for what is answered %s, under the id that the answer carries',
    async (_when, handler) => {
      const { log, lines } = logAt('debug');
      const reply = await logged(log, handler)(request());
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({
        requestId: reply.requestId,
        method: 'POST',
        path: '/apps/a/events',
        status: 200,
      });
      expect(reply.requestId).toMatch(/^[0-9a-f-]{36}$/);
      expect(JSON.stringify(lines)).not.toContain('signed');
    },
  );

  it('L25: keeps the id that a caller sent, unless it would do harm', async () => {
    const { log } = logAt('debug');
    const handler = logged(log, () => done);
    expect((await handler(request('trace-1.2:3'))).requestId).toBe('trace-1.2:3');
    expect((await handler(request('a\r\nSet-Cookie: x'))).requestId).not.toContain('Cookie');
    expect((await handler(request('x'.repeat(101)))).requestId).toHaveLength(36);
  });

  it('L25: says nothing at other levels, and leaves the answer alone', () => {
    const { log, lines } = logAt('info');
    expect(logged(log, () => done)(request('mine'))).toBe(done);
    expect(lines).toEqual([]);
  });

  it('L25: what fails inside is logged with its id, and the caller learns only the id', async () => {
    const { log, lines } = logAt('info');
    const thrown = () => {
      throw new Error('inside');
    };
    for (const handler of [thrown, () => Promise.reject(new Error('inside'))]) {
      const reply = await logged(log, handler)(request('mine'));
      expect(reply).toMatchObject({ status: 500, requestId: 'mine' });
      expect(reply.body).not.toContain('inside');
    }
    expect(lines.map((line) => [line['requestId'], line['level']])).toEqual([
      ['mine', 50],
      ['mine', 50],
    ]);
  });
});
