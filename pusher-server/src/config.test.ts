import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, type Environment } from './config.ts';

const app = { PUSHER_APP_ID: 'a', PUSHER_APP_KEY: 'k', PUSHER_APP_SECRET: 's' };

function linesOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('has the documented defaults', () => {
    expect(readConfig(app)).toMatchObject({
      host: '127.0.0.1',
      port: 6001,
      activityTimeout: 120,
      pongTimeout: 30,
      webhookDelayMs: 3000,
      webhookBatchMs: 50,
      maxFrameBytes: 16 * 1024,
      maxBodyBytes: 1024 * 1024,
      maxBufferBytes: 1024 * 1024,
      shutdownGraceMs: 10_000,
      metricsPort: 9601,
      metricsPrefix: 'soketi_',
      tls: null,
    });
  });

  it('takes an empty metrics port for off, and any other empty variable for absent', () => {
    expect(readConfig({ ...app, PUSHER_METRICS_PORT: '', PUSHER_PORT: '' })).toMatchObject({
      metricsPort: null,
      port: 6001,
    });
  });

  it('L1: says one line for each bad variable', () => {
    const lines = linesOf({ ...app, PUSHER_PORT: 'x', PUSHER_PONG_TIMEOUT: '0', LOG_LEVEL: 'loud' });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^PUSHER_PORT: /);
  });

  it('L1: says which credentials are missing', () => {
    expect(linesOf({ PUSHER_APP_ID: 'a' })).toHaveLength(2);
  });

  it('L1: refuses webhooks that are no JSON, or of another form', () => {
    expect(linesOf({ ...app, PUSHER_APP_WEBHOOKS: '{' })).toEqual(['PUSHER_APP_WEBHOOKS: must hold JSON']);
    expect(linesOf({ ...app, PUSHER_APP_WEBHOOKS: '[{"url":"ftp://x"}]' })[0]).toMatch(
      /^PUSHER_APP_WEBHOOKS: 0\.url: /,
    );
    const unknown = JSON.stringify([{ url: 'http://x.example', event_types: ['nonsense'] }]);
    expect(linesOf({ ...app, PUSHER_APP_WEBHOOKS: unknown })).toHaveLength(1);
  });

  it('reads webhooks of the default app with their defaults', () => {
    const webhooks = JSON.stringify([{ url: 'http://127.0.0.1:3000/admin/event', dialect: 'wolive' }]);
    const [first] = readConfig({ ...app, PUSHER_APP_WEBHOOKS: webhooks }).apps;
    expect(first?.settings.webhooks[0]).toMatchObject({ dialect: 'wolive', headers: {} });
    expect(first?.settings).toMatchObject({ enableClientMessages: true, enableUserAuthentication: true });
  });

  it('L1: refuses what it cannot keep: other nodes, other stores', () => {
    expect(linesOf({ ...app, PUSHER_WORKERS: '0', PUSHER_APP_STORE: 'paper' })).toHaveLength(2);
    expect(linesOf({ ...app, REDIS_URL: '' })).toEqual([]);
  });

  it('A5: a database needs its address, and no apps file beside it; the app of the environment is optional', () => {
    const database = { PUSHER_APP_STORE: 'database', DATABASE_URL: 'postgres://127.0.0.1/x' };
    expect(readConfig(database)).toMatchObject({
      apps: [],
      appStore: { kind: 'database', url: database.DATABASE_URL },
    });
    expect(readConfig({ ...database, ...app }).apps.map(({ id }) => id)).toEqual(['a']);
    expect(linesOf({ PUSHER_APP_STORE: 'database' })[0]).toMatch(/^DATABASE_URL: /);
    expect(linesOf({ ...database, PUSHER_APPS_FILE: '/x.json' })[0]).toMatch(/^PUSHER_APPS_FILE: /);
    expect(linesOf({ ...database, PUSHER_APP_ID: 'a' })).toHaveLength(2);
  });

  it('L1: names faults of the certificate and of the apps at once', () => {
    const files = { PUSHER_TLS_CERT_FILE: '/nowhere/cert.pem', PUSHER_TLS_KEY_FILE: '/nowhere/key.pem' };
    expect(linesOf({ ...files, PUSHER_APPS_FILE: '/nowhere/apps.json' })).toHaveLength(2);
    expect(linesOf({ ...app, PUSHER_TLS_CERT_FILE: '/nowhere/cert.pem' })).toHaveLength(1);
  });

  it('L1: a file that is not there is one line', () => {
    expect(linesOf({ PUSHER_APPS_FILE: '/nowhere/apps.json' })).toHaveLength(1);
  });

  it('K80: takes more than one process only with the Redis through which they agree', () => {
    expect(linesOf({ ...app, PUSHER_WORKERS: '2' })).toEqual([
      'PUSHER_WORKERS: more than one process needs REDIS_URL, through which they agree',
    ]);
    expect(linesOf({ ...app, PUSHER_WORKERS: '1' })).toEqual([]);
    expect(linesOf({ ...app, PUSHER_WORKERS: '2', REDIS_URL: 'redis://127.0.0.1' })).toEqual([]);
  });

  it('K20: one Redis joins several nodes; without its address a node is alone', () => {
    expect(readConfig(app).redis).toBeNull();
    expect(readConfig({ ...app, REDIS_URL: 'redis://127.0.0.1:7000/2' }).redis).toMatchObject({
      target: { kind: 'server', address: { host: '127.0.0.1', port: 7000 }, db: 2 },
      prefix: 'openkefu:',
      leaseMs: 10_000,
    });
    const shown = linesOf({ ...app, REDIS_URL: 'http://127.0.0.1', REDIS_PREFIX: 'a{b}', PUSHER_NODE_LEASE_MS: '10' });
    expect(shown.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'REDIS_URL',
      'REDIS_PREFIX',
      'PUSHER_NODE_LEASE_MS',
    ]);
  });
});
