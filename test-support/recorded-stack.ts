import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Pusher from 'pusher';
import { applyBootstrapFile } from '../web-app/src/bootstrap.ts';
import { choosePort } from '../scripts/environment/free-port.ts';
import { createTestDatabase } from './postgres.ts';
import { startPusherServer, type PusherServerProcess } from './pusher-server.ts';
import { startRedis } from './redis.ts';
import { redisIsMissing } from './redis-program.ts';
import { startServerProcess } from './server-process.ts';
import { openWiretap } from './wiretap.ts';

/** The product, with all that the realtime server is sent, keeps, says and logs on record. */
export interface RecordedStack {
  readonly webUrl: string;
  /** The node that clients of the test connect to; web-app talks to another one where there is a Redis. */
  readonly pusher: PusherServerProcess;
  /** By where it was heard. */
  records(): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

/** What is to be ended, the last first. */
type Steps = (() => Promise<unknown> | void)[];

export async function startRecordedStack(bootstrap: object): Promise<RecordedStack> {
  const steps: Steps = [];
  const stop = async () => {
    for (const step of steps.reverse().splice(0)) await step();
  };
  try {
    return { ...(await startEverything(bootstrap, steps)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startEverything(bootstrap: object, steps: Steps): Promise<Omit<RecordedStack, 'stop'>> {
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-recorded-'));
  steps.push(() => rmSync(folder, { recursive: true, force: true }));
  const database = await createTestDatabase();
  steps.push(() => database.drop());
  const file = join(folder, 'bootstrap.json');
  writeFileSync(file, JSON.stringify(bootstrap));
  await applyBootstrapFile(database.url, file);

  const redis = redisIsMissing ? null : await recordedRedis(steps);
  const webPort = await choosePort();
  const webhooks = await openWiretap(webPort);
  steps.push(() => webhooks.close());
  const nodes = await startNodes(`http://127.0.0.1:${webhooks.port}/admin/event`, redis?.url ?? null, steps);
  const [first, second] = nodes;
  const wire = await openWiretap(first.port);
  steps.push(() => wire.close());
  const stream = await recordedStream(second);
  steps.push(() => stream.close());

  const { id, key, secret } = first.app;
  const web = await startServerProcess('web-app/dist/main.js', {
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    PUSHER_PORT: String(wire.port),
    PUSHER_APP_ID: id,
    PUSHER_APP_KEY: key,
    PUSHER_APP_SECRET: secret,
    WEB_PORT: String(webPort),
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'debug',
  });
  steps.push(() => web.stop());

  return {
    webUrl: web.url,
    pusher: second,
    records: async () => ({
      'between web-app and the realtime server': wire.overheard(),
      webhooks: webhooks.overheard(),
      'the event stream': stream.overheard(),
      logs: nodes.map((node) => node.output()).join('\n'),
      'the log of web-app': web.output(),
      'what it answers of itself': await answersOf(second),
      ...(redis === null ? {} : { Redis: redis.overheard() }),
    }),
  };
}

/** Two that are one through Redis, or one that stands for both. */
async function startNodes(
  webhookUrl: string,
  redisUrl: string | null,
  steps: Steps,
): Promise<[PusherServerProcess, PusherServerProcess]> {
  const env = {
    LOG_LEVEL: 'debug',
    PUSHER_APP_WEBHOOKS: JSON.stringify([{ url: webhookUrl, dialect: 'wolive', event_types: EVERY_KIND }]),
    PUSHER_SHUTDOWN_GRACE_MS: '500',
    ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
  };
  const first = await startPusherServer({ env });
  steps.push(() => first.stop());
  if (redisUrl === null) return [first, first];
  const second = await startPusherServer({ env });
  steps.push(() => second.stop());
  return [first, second];
}

const EVERY_KIND = [
  'channel_occupied',
  'channel_vacated',
  'member_added',
  'member_removed',
  'client_event',
  'cache_miss',
  'subscription_count',
];

/** Every command that a Redis is sent, with everything that it is to keep. */
async function recordedRedis(steps: Steps): Promise<{ url: string; overheard(): string }> {
  const redis = await startRedis();
  const monitor = net.connect(redis.port, '127.0.0.1');
  const chunks: Buffer[] = [];
  monitor.on('data', (chunk) => chunks.push(chunk));
  monitor.on('error', () => monitor.destroy());
  monitor.write('MONITOR\r\n');
  steps.push(() => redis.drop());
  return { url: redis.url, overheard: () => Buffer.concat(chunks).toString('utf8') };
}

function restOf({ app, port }: PusherServerProcess): Pusher {
  const { id: appId, key, secret } = app;
  return new Pusher({ appId, key, secret, host: '127.0.0.1', port: String(port), useTLS: false });
}

function signedUrl(node: PusherServerProcess, path: string, params: Record<string, string> = {}): string {
  const query = restOf(node).createSignedQueryString({ method: 'GET', path, params });
  return `http://127.0.0.1:${node.port}${path}?${query}`;
}

async function recordedStream(node: PusherServerProcess): Promise<{ overheard(): string; close(): void }> {
  const closing = new AbortController();
  const { body } = await fetch(signedUrl(node, `/apps/${node.app.id}/stream`), { signal: closing.signal });
  const chunks: Uint8Array[] = [];
  const read = async () => {
    if (body !== null) for await (const chunk of body) chunks.push(chunk);
  };
  void read().catch(() => undefined);
  return { overheard: () => Buffer.concat(chunks).toString('utf8'), close: () => closing.abort() };
}

async function answersOf(node: PusherServerProcess): Promise<string> {
  const app = `/apps/${node.app.id}`;
  const channels = await (await fetch(signedUrl(node, `${app}/channels`))).text();
  const names = Object.keys((JSON.parse(channels) as { channels: object }).channels);
  const paths = [`${app}/connections`, `${app}/webhooks/deliveries`, ...names.map((name) => `${app}/channels/${name}`)];
  const answers = await Promise.all(paths.map(async (path) => (await fetch(signedUrl(node, path))).text()));
  const metrics = await (await fetch(`http://127.0.0.1:${String(node.metricsPort)}/metrics`)).text();
  return [channels, ...answers, metrics].join('\n');
}
