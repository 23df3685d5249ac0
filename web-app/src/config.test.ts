import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const required = {
  DATABASE_URL: 'postgres://kefu:secret@127.0.0.1:5432/kefu',
  PUSHER_APP_ID: 'app-1',
  PUSHER_APP_KEY: 'key-1',
  PUSHER_APP_SECRET: 'secret-1',
};

function linesOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('needs a database and an app, and has a default for everything else', () => {
    const config = readConfig(required);
    expect(config.web).toEqual({ bindHost: '127.0.0.1', port: 3000, url: null, trustProxy: false });
    expect(config.pusher).toEqual({
      appId: 'app-1',
      key: 'key-1',
      secret: 'secret-1',
      host: '127.0.0.1',
      port: 6001,
      scheme: 'http',
    });
    expect(config.publicPusher).toEqual({ host: '127.0.0.1', port: 6001, scheme: 'http' });
    expect(config.admin).toEqual({ userName: 'admin', password: null });
    expect(config.rateLimits).toEqual({ kind: 'on', overrides: {} });
    expect(config.pusherWebhookDelayMs).toBe(3000);
  });

  it('tells agents by WeChat once it knows the official account, which takes both of its words', () => {
    expect(readConfig(required).weixin).toBeNull();
    const account = { WEIXIN_APP_ID: 'wx1', WEIXIN_APP_SECRET: 'secret' };
    expect(readConfig({ ...required, ...account, WEIXIN_API_URL: 'http://127.0.0.1:9/' }).weixin).toEqual({
      appId: 'wx1',
      appSecret: 'secret',
      apiUrl: 'http://127.0.0.1:9',
      templateId: '',
      token: null,
    });
    expect(readConfig({ ...required, ...account }).weixin?.apiUrl).toBe('https://api.weixin.qq.com');
    expect(linesOf({ ...required, WEIXIN_APP_ID: 'wx1' })).toEqual([
      'WEIXIN_APP_ID and WEIXIN_APP_SECRET are set both or neither',
    ]);
    expect(linesOf({ ...required, ...account, WEIXIN_TOKEN: 'a-b' })).toEqual([
      expect.stringMatching(/^WEIXIN_TOKEN must be 3 to 32 letters and digits/) as string,
    ]);
  });

  it('tells browsers another address of the realtime server where one is given', () => {
    const config = readConfig({ ...required, PUSHER_PUBLIC_HOST: 'rt.example.com', PUSHER_PUBLIC_PORT: '443' });
    expect(config.publicPusher).toEqual({ host: 'rt.example.com', port: 443, scheme: 'http' });
  });

  it('takes an empty variable for an absent one', () => {
    expect(readConfig({ ...required, WEB_PORT: '', SESSION_SECRET: '' }).web.port).toBe(3000);
  });

  it('says one plain line for each bad variable, and never its value where it is a secret', () => {
    const lines = linesOf({
      ...required,
      DATABASE_URL: 'mysql://root@localhost/kefu',
      WEB_PORT: '70000',
      PUSHER_SCHEME: 'gopher',
      LOG_LEVEL: 'loud',
      SESSION_SECRET: 'short',
      RATE_LIMITS: 'sign-in=ten',
      ICE_SERVERS: '{',
      TRUST_PROXY: 'somewhere',
      WEB_URL: 'chat.example.com',
    });
    expect(lines.map((line) => line.split(' ', 1)[0]).sort()).toEqual([
      'DATABASE_URL',
      'ICE_SERVERS',
      'LOG_LEVEL',
      'PUSHER_SCHEME',
      'RATE_LIMITS',
      'SESSION_SECRET',
      'TRUST_PROXY',
      'WEB_PORT',
      'WEB_URL',
    ]);
    expect(lines.join()).not.toContain('short');
  });

  it('names what is missing', () => {
    expect(linesOf({})).toEqual([
      'DATABASE_URL is missing: the address of a PostgreSQL database, postgres://user:password@host:5432/name',
      'PUSHER_APP_ID is missing: the id of the app on the realtime server',
      'PUSHER_APP_KEY is missing: the key of the app on the realtime server',
      'PUSHER_APP_SECRET is missing: the secret of the app on the realtime server',
    ]);
  });

  it.each([
    ['true', true],
    ['2', 2],
    ['loopback, 10.0.0.0/8', 'loopback, 10.0.0.0/8'],
  ])('reads TRUST_PROXY=%s', (text, expected) => {
    expect(readConfig({ ...required, TRUST_PROXY: text }).web.trustProxy).toEqual(expected);
  });

  it('reads single rate limits, and all of them off', () => {
    expect(readConfig({ ...required, RATE_LIMITS: 'sign-in=5/60,visitor-messages=100/10' }).rateLimits).toEqual({
      kind: 'on',
      overrides: { 'sign-in': { count: 5, seconds: 60 }, 'visitor-messages': { count: 100, seconds: 10 } },
    });
    expect(readConfig({ ...required, RATE_LIMITS: 'off' }).rateLimits).toEqual({ kind: 'off' });
  });
});

describe('ICE_SERVERS', () => {
  it('are taken as browsers take them', () => {
    const servers = [{ urls: 'stun:stun.example' }, { urls: ['turns:t.example:443'], username: 'u', credential: 'c' }];
    expect(readConfig({ ...required, ICE_SERVERS: JSON.stringify(servers) }).iceServers).toEqual(servers);
  });

  it.each([
    '{}',
    '["stun:stun.example"]',
    '[{"urls":"https://stun.example"}]',
    '[{"urls":[]}]',
    '[{"urls":"turn:t.example"}]',
    '[{"urls":"stun:s.example","password":"p"}]',
  ])('%s is refused: browsers would not take it', (text) => {
    expect(linesOf({ ...required, ICE_SERVERS: text })).toEqual([
      expect.stringMatching(/^ICE_SERVERS must be/) as string,
    ]);
  });
});
