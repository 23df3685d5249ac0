import { describe, expect, test } from 'vitest';
import { localUrl, namedApp, parseEnvironment, publicWebUrl, realtimeEndpoint } from './configuration.ts';

describe('parseEnvironment', () => {
  test('has the documented defaults, also for variables that are set to nothing', () => {
    expect(parseEnvironment({ WEB_PORT: '' })).toMatchObject({ WEB_PORT: 3000, PUSHER_PORT: 6001 });
    expect(namedApp(parseEnvironment({ PUSHER_APP_ID: '' }))).toBeNull();
  });

  test.each(['abc', '-1', '65536', '80.5', '0x50', ' '])('refuses the port %j', (value) => {
    expect(() => parseEnvironment({ WEB_PORT: value })).toThrow('WEB_PORT must be a port number from 0 to 65535');
  });

  test('says one line for each bad variable', () => {
    const bad = { WEB_PORT: 'x', PUSHER_PORT: 'y' };
    expect(() => parseEnvironment(bad)).toThrow(/^PUSHER_PORT must[^\n]+\nWEB_PORT must[^\n]+$/);
  });

  test('wants all three words of an app or none', () => {
    expect(() => parseEnvironment({ PUSHER_APP_ID: 'a', PUSHER_APP_KEY: 'k' })).toThrow(
      /^PUSHER_APP_SECRET must be set/,
    );
    const whole = { PUSHER_APP_ID: 'a', PUSHER_APP_KEY: 'k', PUSHER_APP_SECRET: 's' };
    expect(namedApp(parseEnvironment(whole))).toEqual({ id: 'a', key: 'k', secret: 's' });
  });
});

test('a server that listens everywhere is reached on the loopback address', () => {
  expect([undefined, '0.0.0.0', '::', '::1', '10.0.0.5'].map((host) => localUrl(host, 80))).toEqual([
    'http://127.0.0.1:80',
    'http://127.0.0.1:80',
    'http://[::1]:80',
    'http://[::1]:80',
    'http://10.0.0.5:80',
  ]);
});

test('the printed addresses are the public ones', () => {
  const env = parseEnvironment({
    WEB_URL: 'https://chat.example.com/',
    PUSHER_PUBLIC_HOST: 'ws.example.com',
    PUSHER_PUBLIC_PORT: '443',
    PUSHER_PUBLIC_SCHEME: 'https',
    PUSHER_PATH_PREFIX: 'realtime/',
  });
  expect(publicWebUrl(env, 3000)).toBe('https://chat.example.com');
  expect(realtimeEndpoint(env, 6001, 'key')).toBe('wss://ws.example.com:443/realtime/app/key');
  expect(realtimeEndpoint(parseEnvironment({}), 6001, 'key')).toBe('ws://127.0.0.1:6001/app/key');
});
