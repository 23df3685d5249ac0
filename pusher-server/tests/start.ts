import { appSchema, prepareApp, type AppInput } from '../src/apps/app.ts';
import { readConfig, type Config } from '../src/config.ts';
import { openLog } from '../src/logger.ts';
import { hmacSha256Hex, md5Hex, requestSigningText } from '../src/protocol/signature.ts';
import { startServer } from '../src/server.ts';

/** The app that a test server has when the test names none. */
export const APP = { id: 'app-1', key: 'key-1', secret: 'secret-1' };

/** What a test changes about a request that would otherwise be right; `null` leaves a parameter out. */
export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly auth?: Readonly<Record<string, string | null>>;
  readonly secret?: string;
  /** Another app than `APP`. */
  readonly app?: { readonly id: string; readonly key: string; readonly secret: string };
}

/** A whole server inside the test's own process, on free ports. */
export interface TestServer {
  readonly port: number;
  readonly metricsPort: number;
  /** `ws://…/app/KEY?protocol=7`, or another path and query. */
  ws(pathAndQuery?: string): string;
  /** A signed REST request of the first app; `path` begins after the app's id. */
  rest(method: 'GET' | 'POST', path: string, options?: RequestOptions): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts a server with these apps (one that differs from `APP` only in what is given, by default). */
export async function startTestServer(
  apps: readonly Partial<AppInput>[] = [{}],
  config: Partial<Config> = {},
): Promise<TestServer> {
  const environment = {
    PUSHER_PORT: '0',
    PUSHER_METRICS_PORT: '0',
    LOG_LEVEL: 'error',
    PUSHER_APP_ID: APP.id,
    PUSHER_APP_KEY: APP.key,
    PUSHER_APP_SECRET: APP.secret,
  };
  const prepared = apps.map((app) => prepareApp(appSchema.parse({ ...APP, ...app })));
  const settings: Config = { ...readConfig(environment), apps: prepared, shutdownGraceMs: 300, ...config };
  const server = await startServer(settings, openLog(settings.logLevel).log);
  return {
    port: server.port,
    metricsPort: server.metricsPort ?? 0,
    ws: (pathAndQuery = `/app/${APP.key}?protocol=7`) => `ws://127.0.0.1:${String(server.port)}${pathAndQuery}`,
    rest: (method, path, options) => fetch(signedUrl(server.port, method, path, options), bodyOf(method, options)),
    stop: () => server.stop(),
  };
}

function bodyOf(method: string, options: RequestOptions = {}): RequestInit {
  return options.body === undefined ? { method } : { method, body: options.body };
}

/** The URL of a request that is signed the way the documents say. */
export function signedUrl(port: number, method: 'GET' | 'POST', path: string, options: RequestOptions = {}): string {
  const app = options.app ?? APP;
  const fullPath = `/apps/${app.id}${path}`;
  const auth: Record<string, string | null> = {
    auth_key: app.key,
    auth_timestamp: String(Math.floor(Date.now() / 1000)),
    auth_version: '1.0',
    ...(options.body === undefined || options.body === '' ? {} : { body_md5: md5Hex(options.body) }),
    ...options.auth,
  };
  const parameters = [...Object.entries(options.query ?? {}), ...Object.entries(auth)].filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const query = new URLSearchParams(parameters);
  if (!query.has('auth_signature') && auth['auth_signature'] !== null) {
    const text = requestSigningText(method, fullPath, parameters);
    query.set('auth_signature', hmacSha256Hex(options.secret ?? app.secret, text));
  }
  return `http://127.0.0.1:${String(port)}${fullPath}?${query.toString()}`;
}
