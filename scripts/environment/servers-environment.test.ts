import { expect, it } from 'vitest';
import { parseServersEnvironment } from './servers-environment.ts';

const both = ['pusher-server', 'web-app'] as const;

it('needs nothing to be set', () => {
  expect(parseServersEnvironment({}, both)).toMatchObject({ WEB_PORT: 3000, PUSHER_PORT: 6001 });
  expect(parseServersEnvironment({ WEB_PORT: '0', PUSHER_PORT: '0' }, both).PUSHER_PORT).toBe(0);
});

it('names each bad variable of the scripts and of both servers in one line, once', () => {
  const bad = { WEB_PORT: 'abc', PUSHER_PORT: 'x', PUSHER_MAX_FRAME_KB: '-1', LOG_LEVEL: 'loud', TRUST_PROXY: '1' };
  const names = lines(() => parseServersEnvironment(bad, both)).map((line) => /^\w+/.exec(line)?.[0]);
  expect(names.sort()).toEqual(['LOG_LEVEL', 'PUSHER_MAX_FRAME_KB', 'PUSHER_PORT', 'WEB_PORT']);
});

it('asks only the servers that are to run', () => {
  expect(parseServersEnvironment({ PUSHER_MAX_FRAME_KB: '-1' }, ['web-app']).WEB_PORT).toBe(3000);
});

function lines(parse: () => unknown): string[] {
  try {
    parse();
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [];
  }
  return [];
}
