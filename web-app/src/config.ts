import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';

/** Everything that the environment decides (running.md, Environment). Made once, by `readConfig`. */
export interface Config {
  web: {
    bindHost: string;
    /** 0 = any free port. */
    port: number;
    /** As browsers see it, without a trailing slash; null: from the address that is listened on. */
    url: string | null;
    trustProxy: boolean | number | string;
  };
  databaseUrl: string;
  /** Where this process reaches the realtime server, and as which app. */
  pusher: { appId: string; key: string; secret: string } & RealtimeAddress;
  /** Where browsers reach the realtime server. */
  publicPusher: RealtimeAddress;
  /** How long the realtime server waits before it reports a vacated channel. */
  pusherWebhookDelayMs: number;
  /** Null: kept in the database, the same for every process. */
  sessionSecret: string | null;
  /** `password` null: generated and shown once. */
  admin: { userName: string; password: string | null };
  rateLimits: RateLimitSetting;
  logLevel: LogLevel;
  filesDir: string;
  /** Ports of their own for front doors; null: on the web port only. */
  doorPorts: { wokchat: number | null; webchat: number | null; shopIm: number | null };
  /** For calls: what helps two browsers find each other. */
  iceServers: IceServer[];
  smtpUrl: string | null;
  /** Null: agents are not told by WeChat. */
  weixin: WeixinConfig | null;
  vapid: { publicKey: string | null; privateKey: string | null; subject: string | null };
}

/** As browsers' `RTCPeerConnection` takes it. */
export type IceServer = z.infer<typeof iceServer>;

/** An official account of WeChat. */
export interface WeixinConfig {
  appId: string;
  appSecret: string;
  /** Without a slash at the end. */
  apiUrl: string;
  templateId: string;
  /** Signs what WeChat calls; null: it cannot call. */
  token: string | null;
}

export interface RealtimeAddress {
  host: string;
  port: number;
  scheme: 'http' | 'https';
}

/** `overrides` by name; absent names keep their defaults. */
export type RateLimitSetting =
  { kind: 'off' } | { kind: 'on'; overrides: Record<string, { count: number; seconds: number }> };

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Bad variables, one plain line for each. */
export class ConfigError extends Error {
  readonly lines: string[];

  constructor(lines: string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
    this.lines = lines;
  }
}

const port = (min: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, `must be a port number from ${min} to 65535`)
    .transform(Number)
    .refine((value) => value >= min && value <= 65_535, `must be a port number from ${min} to 65535`);
const scheme = z.enum(['http', 'https'], 'must be http or https');
const host = z.string().regex(/^[^\s/@]+$/, 'must be a host name or an address, without scheme or path');
const required = (what: string) => z.string(`is missing: ${what}`);
const url = (protocols: string[], example: string) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), `must look like ${example}`);
const webAddress = url(['http:', 'https:'], 'https://chat.example.com');

const iceUrl = z.string().regex(/^(stuns?|turns?):\S{1,500}$/);
/** Browsers refuse `turn:` without both; anything else they do not know. */
const iceServer = z
  .strictObject({
    urls: z.union([iceUrl, z.array(iceUrl).min(1).max(20)]),
    username: z.string().max(512).optional(),
    credential: z.string().max(512).optional(),
  })
  .refine(
    ({ urls, username, credential }) =>
      ![urls].flat().some((each) => each.startsWith('turn')) || (username !== undefined && credential !== undefined),
  );

const environment = z.object({
  WEB_BIND_HOST: host.default('127.0.0.1'),
  WEB_PORT: port(0).default(3000),
  WEB_URL: webAddress.transform(withoutSlash).optional(),
  TRUST_PROXY: z.string().transform(parseTrustProxy).default(false),
  DATABASE_URL: required('the address of a PostgreSQL database, postgres://user:password@host:5432/name').pipe(
    url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/name'),
  ),
  PUSHER_APP_ID: required('the id of the app on the realtime server').pipe(
    z.string().regex(/^[A-Za-z0-9_.-]+$/, 'must be letters, digits, dots, dashes and underscores'),
  ),
  PUSHER_APP_KEY: required('the key of the app on the realtime server'),
  PUSHER_APP_SECRET: required('the secret of the app on the realtime server'),
  PUSHER_HOST: host.default('127.0.0.1'),
  PUSHER_PORT: port(1).default(6001),
  PUSHER_SCHEME: scheme.default('http'),
  PUSHER_PUBLIC_HOST: host.optional(),
  PUSHER_PUBLIC_PORT: port(1).optional(),
  PUSHER_PUBLIC_SCHEME: scheme.optional(),
  PUSHER_WEBHOOK_DELAY_MS: z
    .string()
    .regex(/^\d{1,7}$/, 'must be a number of milliseconds')
    .transform(Number)
    .default(3000),
  SESSION_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  ADMIN_USER: z
    .string()
    .regex(/^[A-Za-z0-9_.@-]{1,64}$/, 'must be 1 to 64 letters, digits or _ . @ -')
    .default('admin'),
  ADMIN_PASSWORD: z.string().min(8, 'must have at least 8 characters').max(256).optional(),
  RATE_LIMITS: z.string().transform(parseRateLimits).default({ kind: 'on', overrides: {} }),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  DATA_DIR: z.string().default('./data'),
  FILES_DIR: z.string().optional(),
  WOKCHAT_PORT: port(0).optional(),
  WEBCHAT_PORT: port(0).optional(),
  SHOP_IM_PORT: port(0).optional(),
  ICE_SERVERS: z.string().transform(parseIceServers).default([]),
  SMTP_URL: url(['smtp:', 'smtps:'], 'smtp://user:password@mail.example.com:587').optional(),
  WEIXIN_APP_ID: z.string().optional(),
  WEIXIN_APP_SECRET: z.string().optional(),
  WEIXIN_API_URL: webAddress.transform(withoutSlash).default('https://api.weixin.qq.com'),
  WEIXIN_TEMPLATE_ID: z.string().max(128).default(''),
  WEIXIN_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9]{3,32}$/, 'must be 3 to 32 letters and digits, as in the settings of the official account')
    .optional(),
  VAPID_PUBLIC_KEY: z.string().optional(),
  VAPID_PRIVATE_KEY: z.string().optional(),
  VAPID_SUBJECT: url(['mailto:', 'https:'], 'mailto:owner@example.com').optional(),
});

const joined = environment.refine(
  ({ WEIXIN_APP_ID: id, WEIXIN_APP_SECRET: secret }) => (id === undefined) === (secret === undefined),
  { path: ['WEIXIN_APP_ID'], message: 'and WEIXIN_APP_SECRET are set both or neither' },
);

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, '');
}

/** The only reader of the environment. An empty variable counts as absent. @throws ConfigError */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const named = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = joined.safeParse(named);
  if (!parsed.success) {
    const first = new Map<string, string>();
    for (const issue of parsed.error.issues) {
      const name = issue.path.map(String).join('.');
      if (!first.has(name)) first.set(name, issue.message);
    }
    throw new ConfigError([...first].map(([name, message]) => `${name} ${message}`));
  }
  const value = parsed.data;
  const pusher = { host: value.PUSHER_HOST, port: value.PUSHER_PORT, scheme: value.PUSHER_SCHEME };
  return {
    web: {
      bindHost: value.WEB_BIND_HOST,
      port: value.WEB_PORT,
      url: value.WEB_URL ?? null,
      trustProxy: value.TRUST_PROXY,
    },
    databaseUrl: value.DATABASE_URL,
    pusher: { appId: value.PUSHER_APP_ID, key: value.PUSHER_APP_KEY, secret: value.PUSHER_APP_SECRET, ...pusher },
    publicPusher: {
      host: value.PUSHER_PUBLIC_HOST ?? pusher.host,
      port: value.PUSHER_PUBLIC_PORT ?? pusher.port,
      scheme: value.PUSHER_PUBLIC_SCHEME ?? pusher.scheme,
    },
    pusherWebhookDelayMs: value.PUSHER_WEBHOOK_DELAY_MS,
    sessionSecret: value.SESSION_SECRET ?? null,
    admin: { userName: value.ADMIN_USER, password: value.ADMIN_PASSWORD ?? null },
    rateLimits: value.RATE_LIMITS,
    logLevel: value.LOG_LEVEL,
    filesDir: path.resolve(value.FILES_DIR ?? path.join(value.DATA_DIR, 'files')),
    doorPorts: {
      wokchat: value.WOKCHAT_PORT ?? null,
      webchat: value.WEBCHAT_PORT ?? null,
      shopIm: value.SHOP_IM_PORT ?? null,
    },
    iceServers: value.ICE_SERVERS,
    smtpUrl: value.SMTP_URL ?? null,
    weixin: weixinOf(value),
    vapid: {
      publicKey: value.VAPID_PUBLIC_KEY ?? null,
      privateKey: value.VAPID_PRIVATE_KEY ?? null,
      subject: value.VAPID_SUBJECT ?? null,
    },
  };
}

function weixinOf(value: z.output<typeof environment>): WeixinConfig | null {
  const { WEIXIN_APP_ID: appId, WEIXIN_APP_SECRET: appSecret } = value;
  if (appId === undefined || appSecret === undefined) return null;
  const { WEIXIN_API_URL: apiUrl, WEIXIN_TEMPLATE_ID: templateId, WEIXIN_TOKEN: token = null } = value;
  return { appId, appSecret, apiUrl, templateId, token };
}

const PROXY_NAMES = ['loopback', 'linklocal', 'uniquelocal'];

/** What Express takes as `trust proxy`: yes or no, a number of hops, or a list of addresses and networks. */
function parseTrustProxy(text: string, context: z.RefinementCtx): boolean | number | string {
  if (text === 'true' || text === 'on') return true;
  if (text === 'false' || text === 'off') return false;
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const parts = text.split(',').map((part) => part.trim());
  const isKnown = (part: string) => PROXY_NAMES.includes(part) || isIP(part.replace(/\/\d{1,3}$/, '')) !== 0;
  if (parts.every(isKnown)) return parts.join(', ');
  context.addIssue({ code: 'custom', message: 'must be true, false, a number of proxies, or a list of addresses' });
  return z.NEVER;
}

function parseRateLimits(text: string, context: z.RefinementCtx): RateLimitSetting {
  if (text === 'off') return { kind: 'off' };
  if (text === 'on') return { kind: 'on', overrides: {} };
  const overrides: Record<string, { count: number; seconds: number }> = {};
  for (const part of text.split(',')) {
    const match = /^\s*([a-z][a-z-]*)=(\d{1,9})\/(\d{1,9})\s*$/.exec(part);
    const [, name, count, seconds] = match ?? [];
    if (name === undefined || Number(count) < 1 || Number(seconds) < 1) {
      context.addIssue({ code: 'custom', message: 'must be on, off, or name=count/seconds,…' });
      return z.NEVER;
    }
    overrides[name] = { count: Number(count), seconds: Number(seconds) };
  }
  return { kind: 'on', overrides };
}

function parseIceServers(text: string, context: z.RefinementCtx): IceServer[] {
  try {
    const { success, data } = z.array(iceServer).max(20).safeParse(JSON.parse(text));
    if (success) return data;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  const message = 'must be a JSON array of ICE servers, [{"urls":"stun:…"}], of turn: with username and credential';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
