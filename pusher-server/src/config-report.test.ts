import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { describeConfig } from './config-report.ts';

const app = { PUSHER_APP_ID: 'a', PUSHER_APP_KEY: 'k', PUSHER_APP_SECRET: 'topsecret' };

describe('what --check-config shows', () => {
  it('L23: every variable with its value, under its own name', () => {
    const lines = describeConfig(readConfig({ ...app, PUSHER_PORT: '7001', TRUST_PROXY: '1' }));
    expect(lines).toContain('PUSHER_PORT=7001');
    expect(lines).toContain('TRUST_PROXY=on');
    expect(lines).toContain('PUSHER_MAX_BODY_KB=1024');
    expect(lines).toContain('PUSHER_APP_STORE=static');
    expect(lines.at(-1)).toMatch(/^app \{"id":"a","key":"k","secret":"\(hidden\)"/);
  });

  it('L23: no secret of any kind', () => {
    const webhook = { url: 'https://ann:topsecret@x.example/hook?token=topsecret', headers: { Token: 'topsecret' } };
    const shown = describeConfig(
      readConfig({
        ...app,
        PUSHER_APP_WEBHOOKS: JSON.stringify([webhook]),
        PUSHER_APP_STORE: 'database',
        DATABASE_URL: 'postgres://ann:topsecret@db.example/apps?password=topsecret',
        REDIS_URL: 'redis-sentinel://ann:topsecret@cache.example/1?name=main&sentinelPassword=topsecret',
      }),
    ).join('\n');
    expect(shown).not.toContain('topsecret');
    expect(shown).toContain('DATABASE_URL=postgres://ann:hidden@db.example/apps?hidden');
    expect(shown).toContain('x.example/hook');
    expect(shown).toContain('REDIS_URL=redis-sentinel://cache.example:26379/1?name=main');
  });
});
