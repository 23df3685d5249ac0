import { z } from 'zod';
import { appSchema, prepareApp, webhookSchema, type App, type AppSettings } from './apps/app.ts';
import { AppsFault, faultLines, readAppsFile } from './apps/apps-file.ts';
import type { AppStore } from './apps/open-apps.ts';
import { parseRedisUrl, RedisUrlFault, type RedisTarget } from './cluster/redis-cluster/redis-url.ts';
import { tlsFault, type TlsFiles } from './transport/tls-files.ts';

/** Everything that the server is told from outside; durations in the unit that the name says. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Processes that share the port. */
  readonly workers: number;
  readonly pathPrefix: string;
  readonly tls: TlsFiles | null;
  readonly trustProxy: boolean;
  /** The apps that are known now. */
  readonly apps: readonly App[];
  readonly appStore: AppStore;
  readonly activityTimeout: number;
  readonly pongTimeout: number;
  readonly strictProtocol: boolean;
  readonly maxConnections: number;
  readonly maxFrameBytes: number;
  readonly maxBodyBytes: number;
  readonly maxBufferBytes: number;
  readonly webhookDelayMs: number;
  readonly webhookBatchMs: number;
  readonly webhookQueueMax: number;
  readonly shutdownGraceMs: number;
  /** `null`: no metrics. */
  readonly metricsPort: number | null;
  readonly metricsPrefix: string;
  readonly logLevel: string;
  /** Through which several nodes are one; `null`: this one is alone. */
  readonly redis: { readonly target: RedisTarget; readonly prefix: string; readonly leaseMs: number } | null;
}

/** What stands in the environment cannot be used; one plain line for each variable. */
export class ConfigError extends Error {
  readonly code = 'bad_config';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const port = z.coerce
  .number('must be a port')
  .int('must be a port')
  .min(0, 'must be a port')
  .max(65_535, 'must be a port');
const positive = z.coerce.number('must be a number').positive('must be above 0');
const wholeFromZero = z.coerce
  .number('must be a whole number')
  .int('must be a whole number')
  .min(0, 'must not be negative');
const flag = z
  .enum(['', '0', '1', 'off', 'on', 'false', 'true', 'no', 'yes'], 'must be on or off')
  .transform((value) => ['1', 'on', 'true', 'yes'].includes(value));

const environmentSchema = z.object({
  PUSHER_BIND_HOST: z.string().default('127.0.0.1'),
  PUSHER_PORT: port.default(6001),
  PUSHER_PATH_PREFIX: z
    .string()
    .regex(/^(\/[A-Za-z0-9._~-]+)*\/?$/, 'must begin with a slash and hold no special characters')
    .default('')
    .transform((prefix) => prefix.replace(/\/$/, '')),
  PUSHER_TLS_CERT_FILE: z.string().default(''),
  PUSHER_TLS_KEY_FILE: z.string().default(''),
  PUSHER_TLS_PASSPHRASE: z.string().default(''),
  TRUST_PROXY: z.string().default(''),
  PUSHER_APP_ID: z.string().default(''),
  PUSHER_APP_KEY: z.string().default(''),
  PUSHER_APP_SECRET: z.string().default(''),
  PUSHER_APP_WEBHOOKS: z.string().default(''),
  PUSHER_APPS_FILE: z.string().default(''),
  PUSHER_APP_STORE: z.enum(['static', 'database'], 'must be static or database').default('static'),
  DATABASE_URL: z.string().default(''),
  PUSHER_WORKERS: wholeFromZero.min(1, 'must be at least 1').max(256, 'must be at most 256').default(1),
  REDIS_URL: z.string().transform(redisTarget).optional(),
  REDIS_PREFIX: z
    .string()
    .regex(/^[^{}]*$/, 'must not hold braces')
    .default('openkefu:'),
  PUSHER_NODE_LEASE_MS: wholeFromZero
    .min(500, 'must be at least 500')
    .max(600_000, 'must be at most 600000')
    .default(10_000),
  PUSHER_ACTIVITY_TIMEOUT: positive.max(86_400, 'must be at most 86400').default(120),
  PUSHER_PONG_TIMEOUT: positive.max(86_400, 'must be at most 86400').default(30),
  PUSHER_STRICT_PROTOCOL: flag.default(false),
  PUSHER_MAX_CONNECTIONS: wholeFromZero.default(Infinity),
  PUSHER_MAX_FRAME_KB: positive.max(65_536, 'must be at most 65536').default(16),
  PUSHER_MAX_BODY_KB: positive.default(1024),
  PUSHER_MAX_BUFFER_KB: positive.max(16_384, 'must be at most 16384').default(1024),
  PUSHER_WEBHOOK_DELAY_MS: wholeFromZero.default(3_000),
  PUSHER_WEBHOOK_BATCH_MS: wholeFromZero.default(50),
  PUSHER_WEBHOOK_QUEUE_MAX: positive.default(10_000),
  PUSHER_SHUTDOWN_GRACE_MS: wholeFromZero.default(10_000),
  PUSHER_METRICS_PORT: z.union([z.literal(''), port]).default(9601),
  PUSHER_METRICS_PREFIX: z
    .string()
    .regex(/^[A-Za-z_:][A-Za-z0-9_:]*$|^$/, 'must be the beginning of a metric name')
    .default('soketi_'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'must be a level').default('info'),
});
const webhooksSchema = z.array(webhookSchema);
const APP_VARIABLES = ['PUSHER_APP_ID', 'PUSHER_APP_KEY', 'PUSHER_APP_SECRET'] as const;
type Variables = z.infer<typeof environmentSchema>;

/** Reads the configuration. Throws `ConfigError` with all that is wrong at once. */
export function readConfig(environment: Environment = process.env): Config {
  // An empty variable is one that is not set, except where empty has a meaning of its own.
  const given = Object.entries(environment).filter(([name, value]) => value !== '' || name === 'PUSHER_METRICS_PORT');
  const parsed = environmentSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  }
  const variables = parsed.data;
  const lines = [...workersFaults(variables), ...tlsFaults(variables)];
  const apps = readApps(variables);
  if (apps instanceof AppsFault || lines.length > 0) {
    throw new ConfigError([...lines, ...(apps instanceof AppsFault ? apps.lines : [])]);
  }
  return {
    host: variables.PUSHER_BIND_HOST,
    port: variables.PUSHER_PORT,
    workers: variables.PUSHER_WORKERS,
    pathPrefix: variables.PUSHER_PATH_PREFIX,
    tls: tlsFiles(variables),
    trustProxy: !['', '0', 'false', 'off', 'no'].includes(variables.TRUST_PROXY),
    apps: apps.map(prepareApp),
    appStore: appStore(variables),
    activityTimeout: variables.PUSHER_ACTIVITY_TIMEOUT,
    pongTimeout: variables.PUSHER_PONG_TIMEOUT,
    strictProtocol: variables.PUSHER_STRICT_PROTOCOL,
    maxConnections: variables.PUSHER_MAX_CONNECTIONS,
    maxFrameBytes: variables.PUSHER_MAX_FRAME_KB * 1024,
    maxBodyBytes: variables.PUSHER_MAX_BODY_KB * 1024,
    maxBufferBytes: variables.PUSHER_MAX_BUFFER_KB * 1024,
    webhookDelayMs: variables.PUSHER_WEBHOOK_DELAY_MS,
    webhookBatchMs: variables.PUSHER_WEBHOOK_BATCH_MS,
    webhookQueueMax: variables.PUSHER_WEBHOOK_QUEUE_MAX,
    shutdownGraceMs: variables.PUSHER_SHUTDOWN_GRACE_MS,
    metricsPort: variables.PUSHER_METRICS_PORT === '' ? null : variables.PUSHER_METRICS_PORT,
    metricsPrefix: variables.PUSHER_METRICS_PREFIX,
    logLevel: variables.LOG_LEVEL,
    redis: redisOf(variables),
  };
}

function tlsFiles(variables: Variables): TlsFiles | null {
  const { PUSHER_TLS_CERT_FILE: certFile, PUSHER_TLS_KEY_FILE: keyFile, PUSHER_TLS_PASSPHRASE: passphrase } = variables;
  return certFile === '' ? null : { certFile, keyFile, passphrase: passphrase === '' ? null : passphrase };
}

/** As a step of the schema, so that a fault stands beside those of the other variables. */
function redisTarget(text: string, context: z.RefinementCtx<string>): RedisTarget {
  try {
    return parseRedisUrl(text);
  } catch (error) {
    if (!(error instanceof RedisUrlFault)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
}

function redisOf(variables: Variables): Config['redis'] {
  const { REDIS_URL: target, REDIS_PREFIX: prefix, PUSHER_NODE_LEASE_MS: leaseMs } = variables;
  return target === undefined ? null : { target, prefix, leaseMs };
}

function workersFaults({ PUSHER_WORKERS: workers, REDIS_URL: redisUrl }: Variables): readonly string[] {
  if (workers === 1 || redisUrl !== undefined) return [];
  return ['PUSHER_WORKERS: more than one process needs REDIS_URL, through which they agree'];
}

function tlsFaults(variables: Variables): readonly string[] {
  const { PUSHER_TLS_CERT_FILE: certFile, PUSHER_TLS_KEY_FILE: keyFile } = variables;
  if (certFile === '' && keyFile === '') return [];
  if (certFile === '' || keyFile === '') {
    return ['PUSHER_TLS_CERT_FILE and PUSHER_TLS_KEY_FILE must both be set, or neither'];
  }
  const files = tlsFiles(variables);
  const fault = files === null ? null : tlsFault(files);
  return fault === null ? [] : [`PUSHER_TLS_CERT_FILE, PUSHER_TLS_KEY_FILE: ${fault}`];
}

function appStore(variables: Variables): AppStore {
  const { PUSHER_APP_STORE: store, PUSHER_APPS_FILE: path, DATABASE_URL: url } = variables;
  if (store === 'database') return { kind: 'database', url };
  return path === '' ? { kind: 'environment' } : { kind: 'file', path };
}

/** The apps that are known before anybody is asked; with a database that is the environment's own, if it names one. */
function readApps(variables: Variables): readonly AppSettings[] | AppsFault {
  const { PUSHER_APP_STORE: store, PUSHER_APPS_FILE: path, DATABASE_URL: url } = variables;
  if (store === 'database') {
    if (url === '') return new AppsFault(['DATABASE_URL: must be set, since PUSHER_APP_STORE is database']);
    if (path !== '') return new AppsFault(['PUSHER_APPS_FILE: must not be set, since PUSHER_APP_STORE is database']);
    return APP_VARIABLES.every((name) => variables[name] === '') ? [] : environmentApp(variables);
  }
  if (path === '') return environmentApp(variables);
  try {
    return readAppsFile(path);
  } catch (error) {
    if (!(error instanceof AppsFault)) throw error;
    return new AppsFault(error.lines.map((line) => `PUSHER_APPS_FILE: ${line}`));
  }
}

function environmentApp(variables: Variables): readonly AppSettings[] | AppsFault {
  const missing = APP_VARIABLES.filter((name) => variables[name] === '');
  if (missing.length > 0) {
    return new AppsFault(missing.map((name) => `${name} must be set (or PUSHER_APPS_FILE, instead of the three)`));
  }
  const { PUSHER_APP_ID: id, PUSHER_APP_KEY: key, PUSHER_APP_SECRET: secret } = variables;
  const webhooks = environmentWebhooks(variables.PUSHER_APP_WEBHOOKS);
  if (webhooks instanceof AppsFault) return webhooks;
  const parsed = appSchema.safeParse({ id, key, secret, webhooks });
  return parsed.success ? [parsed.data] : new AppsFault(faultLines('PUSHER_APP', parsed.error));
}

function environmentWebhooks(text: string): z.infer<typeof webhooksSchema> | AppsFault {
  if (text === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new AppsFault(['PUSHER_APP_WEBHOOKS: must hold JSON']);
  }
  const parsed = webhooksSchema.safeParse(value);
  return parsed.success ? parsed.data : new AppsFault(faultLines('PUSHER_APP_WEBHOOKS', parsed.error));
}
