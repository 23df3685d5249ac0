import type { App } from './apps/app.ts';
import type { AppStore } from './apps/open-apps.ts';
import { describeRedis } from './cluster/redis-cluster/redis-url.ts';
import type { Config } from './config.ts';

const HIDDEN = '(hidden)';

/** What the server would run with, a line for each variable and each app. Nothing in it is a secret. */
export function describeConfig(config: Config): readonly string[] {
  const { tls, appStore } = config;
  const values: Readonly<Record<string, string | number>> = {
    PUSHER_BIND_HOST: config.host,
    PUSHER_PORT: config.port,
    PUSHER_WORKERS: config.workers,
    PUSHER_PATH_PREFIX: config.pathPrefix,
    PUSHER_TLS_CERT_FILE: tls?.certFile ?? '',
    PUSHER_TLS_KEY_FILE: tls?.keyFile ?? '',
    PUSHER_TLS_PASSPHRASE: (tls?.passphrase ?? null) === null ? '' : HIDDEN,
    TRUST_PROXY: onOrOff(config.trustProxy),
    ...describeStore(appStore),
    PUSHER_ACTIVITY_TIMEOUT: config.activityTimeout,
    PUSHER_PONG_TIMEOUT: config.pongTimeout,
    PUSHER_STRICT_PROTOCOL: onOrOff(config.strictProtocol),
    PUSHER_MAX_CONNECTIONS: config.maxConnections === Infinity ? '' : config.maxConnections,
    PUSHER_MAX_FRAME_KB: config.maxFrameBytes / 1024,
    PUSHER_MAX_BODY_KB: config.maxBodyBytes / 1024,
    PUSHER_MAX_BUFFER_KB: config.maxBufferBytes / 1024,
    PUSHER_WEBHOOK_DELAY_MS: config.webhookDelayMs,
    PUSHER_WEBHOOK_BATCH_MS: config.webhookBatchMs,
    PUSHER_WEBHOOK_QUEUE_MAX: config.webhookQueueMax,
    PUSHER_SHUTDOWN_GRACE_MS: config.shutdownGraceMs,
    PUSHER_METRICS_PORT: config.metricsPort ?? '',
    PUSHER_METRICS_PREFIX: config.metricsPrefix,
    REDIS_URL: config.redis === null ? '' : describeRedis(config.redis.target),
    REDIS_PREFIX: config.redis?.prefix ?? '',
    PUSHER_NODE_LEASE_MS: config.redis?.leaseMs ?? '',
    LOG_LEVEL: config.logLevel,
  };
  return [
    ...Object.entries(values).map(([name, value]) => `${name}=${String(value)}`),
    ...config.apps.map(describeApp),
  ];
}

function describeStore(store: AppStore): Readonly<Record<string, string>> {
  return {
    PUSHER_APP_STORE: store.kind === 'database' ? 'database' : 'static',
    PUSHER_APPS_FILE: store.kind === 'file' ? store.path : '',
    DATABASE_URL: store.kind === 'database' ? withoutSecrets(store.url) : '',
  };
}

function describeApp({ settings }: App): string {
  const webhooks = settings.webhooks.map((webhook) => ({
    ...webhook,
    url: withoutSecrets(webhook.url),
    headers: Object.fromEntries(Object.keys(webhook.headers).map((name) => [name, HIDDEN])),
  }));
  const previousSecret = settings.previousSecret === null ? null : HIDDEN;
  return `app ${JSON.stringify({ ...settings, secret: HIDDEN, previousSecret, webhooks })}`;
}

/** Where a URL leads, without the password and the query, which may hold one. */
function withoutSecrets(text: string): string {
  if (!URL.canParse(text)) return HIDDEN;
  const url = new URL(text);
  if (url.password !== '') url.password = 'hidden';
  if (url.search !== '') url.search = '?hidden';
  return url.href;
}

function onOrOff(value: boolean): string {
  return value ? 'on' : 'off';
}
