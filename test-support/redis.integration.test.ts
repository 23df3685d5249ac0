import { connect as connectTcp, type Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { redisIsMissing } from './redis-program.ts';
import { startRedis } from './redis.ts';
import { severableLink } from './severable-link.ts';

/** Sends a command line and answers what comes back first. */
async function ask(socket: Socket, line: string): Promise<string> {
  const answer = once(socket, 'data');
  socket.write(`${line}\r\n`);
  return String((await answer)[0]).trim();
}

function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

function dial(port: number): Socket {
  return connectTcp(port, '127.0.0.1').on('error', () => undefined);
}

async function open(port: number): Promise<Socket> {
  const socket = dial(port);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

describe.skipIf(redisIsMissing)('a Redis of a test’s own', () => {
  it('comes back on its port, empty', async () => {
    const redis = await startRedis();
    expect(await redis.cli('SET', 'a', '1')).toBe('OK');
    await redis.kill9();
    await expect(redis.cli('PING')).rejects.toThrow('refused');
    await redis.start();
    expect(await redis.cli('GET', 'a')).toBe('');
    await redis.stop();
  });

  it('comes back with its data when it keeps them', async () => {
    const redis = await startRedis({ appendonly: true });
    await redis.cli('SET', 'a', '1');
    await redis.kill9();
    await redis.start();
    expect(await redis.cli('GET', 'a')).toBe('1');
    await redis.drop();
  });
});

describe.skipIf(redisIsMissing)('a severable link', () => {
  it('passes, holds, passes again, cuts, and takes new connections after it', async () => {
    const redis = await startRedis();
    const link = await severableLink(redis.port);
    const socket = await open(link.port);
    expect(await ask(socket, 'PING')).toBe('+PONG');

    link.hold();
    const late = ask(socket, 'SET held 1');
    expect(await redis.cli('GET', 'held')).toBe('');
    link.restore();
    expect(await late).toBe('+OK');

    const gone = closed(socket);
    link.cut();
    await gone;
    await closed(dial(link.port));
    link.restore();
    expect(await ask(await open(link.port), 'GET held')).toBe('$1\r\n1');
    await link.close();
    await redis.stop();
  });
});
