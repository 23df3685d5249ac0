import { resolve } from 'node:path';
import * as z from 'zod';
import { PlainError } from '../setup/terminal.mjs';

/** The three words that name an app of the realtime server and sign for it. */
export interface AppCredentials {
  readonly id: string;
  readonly key: string;
  readonly secret: string;
}

/** An empty variable counts as one that is not set. */
const text = z
  .string()
  .optional()
  .transform((value) => (value === '' ? undefined : value));
const portRule = 'must be a port number from 0 to 65535';
const port = (fallback: number) =>
  z
    .string()
    .transform((value) => (value === '' ? fallback : /^\d+$/.test(value) ? Number(value) : NaN))
    .pipe(z.int(portRule).max(65_535, portRule))
    .default(fallback);

/** What the scripts themselves read of the environment; each server parses its own part again, whole. */
const environmentSchema = z
  .object({
    DATA_DIR: text,
    DATABASE_URL: text,
    PUSHER_APP_ID: text,
    PUSHER_APP_KEY: text,
    PUSHER_APP_SECRET: text,
    PUSHER_APPS_FILE: text,
    PUSHER_APP_STORE: text,
    PUSHER_BIND_HOST: text,
    PUSHER_PORT: port(6001),
    PUSHER_HOST: text,
    PUSHER_SCHEME: text,
    PUSHER_PUBLIC_HOST: text,
    PUSHER_PUBLIC_PORT: text,
    PUSHER_PUBLIC_SCHEME: text,
    PUSHER_PATH_PREFIX: text,
    WEB_BIND_HOST: text,
    WEB_PORT: port(3000),
    WEB_URL: text,
  })
  .superRefine((env, context) => {
    const names = ['PUSHER_APP_ID', 'PUSHER_APP_KEY', 'PUSHER_APP_SECRET'] as const;
    const missing = names.filter((name) => env[name] === undefined);
    if (missing.length === 0 || missing.length === names.length) return;
    for (const name of missing) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `must be set too, since ${names.join(', ')} go together`,
      });
    }
  });
export type Environment = z.infer<typeof environmentSchema>;

/**
 * Parses the environment that the scripts need.
 * @throws PlainError with one line for each bad variable
 */
export function parseEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const parsed = environmentSchema.safeParse(variables);
  if (parsed.success) return parsed.data;
  throw new PlainError(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'));
}

/** DATA_DIR as an absolute path, `data` in the project when not set. */
export function dataFolder(env: Environment, root: string): string {
  return resolve(root, env.DATA_DIR ?? 'data');
}

/** The default app when the environment names it. */
export function namedApp({ PUSHER_APP_ID, PUSHER_APP_KEY, PUSHER_APP_SECRET }: Environment): AppCredentials | null {
  if (PUSHER_APP_ID === undefined || PUSHER_APP_KEY === undefined || PUSHER_APP_SECRET === undefined) return null;
  return { id: PUSHER_APP_ID, key: PUSHER_APP_KEY, secret: PUSHER_APP_SECRET };
}

/** How this machine itself reaches a server: a bind address that means every address is reached on the loopback one. */
export function localUrl(bindHost: string | undefined, port: number): string {
  if (bindHost === undefined || bindHost === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (bindHost === '::') return `http://[::1]:${port}`;
  return `http://${bindHost.includes(':') ? `[${bindHost}]` : bindHost}:${port}`;
}

/** Where people's browsers find web-app, without a slash at the end. */
export function publicWebUrl(env: Environment, port: number): string {
  return (env.WEB_URL ?? localUrl(env.WEB_BIND_HOST, port)).replace(/\/+$/, '');
}

/** The WebSocket address that Pusher clients are given. */
export function realtimeEndpoint(env: Environment, listeningPort: number, key: string): string {
  const scheme = (env.PUSHER_PUBLIC_SCHEME ?? env.PUSHER_SCHEME) === 'https' ? 'wss' : 'ws';
  const host = env.PUSHER_PUBLIC_HOST ?? env.PUSHER_HOST ?? '127.0.0.1';
  const prefix = (env.PUSHER_PATH_PREFIX ?? '').replace(/^\/?(.*?)\/?$/, (_, path: string) => (path ? `/${path}` : ''));
  return `${scheme}://${host}:${env.PUSHER_PUBLIC_PORT ?? listeningPort}${prefix}/app/${key}`;
}
