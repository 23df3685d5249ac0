/** One address of a Redis process. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

interface Access {
  readonly tls: boolean;
  readonly username: string | null;
  readonly password: string | null;
}

/** Where Redis is: one server, a Redis Cluster, or a server that Sentinels know. */
export type RedisTarget =
  | (Access & { readonly kind: 'server'; readonly address: RedisAddress; readonly db: number })
  | (Access & { readonly kind: 'cluster'; readonly nodes: readonly RedisAddress[] })
  | (Access & {
      readonly kind: 'sentinel';
      readonly sentinels: readonly RedisAddress[];
      /** What the Sentinels call the group of servers. */
      readonly name: string;
      readonly sentinelPassword: string | null;
      readonly db: number;
    });

/** `REDIS_URL` cannot be used; the message says why, in plain words and without any secret. */
export class RedisUrlFault extends Error {
  readonly code = 'bad_redis_url';
}

const FORMS =
  'must be redis://HOST:PORT/DB, redis-cluster://HOST:PORT,HOST:PORT or redis-sentinel://HOST:PORT,HOST:PORT/DB?name=NAME (rediss… for TLS)';
const URL_PARTS = /^redis(s?)(-cluster|-sentinel)?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const ADDRESS = /^(\[[0-9A-Fa-f:.]+\]|[^\s:[\]]+)(?::(\d{1,5}))?$/;
const SERVER_PORT = 6379;
const SENTINEL_PORT = 26379;

/** Reads every form that `REDIS_URL` may have. Throws `RedisUrlFault`. */
export function parseRedisUrl(text: string): RedisTarget {
  const parts = URL_PARTS.exec(text);
  if (parts === null) throw new RedisUrlFault(FORMS);
  const [, secure = '', form = '', credentials = '', hosts = '', path = '', search = ''] = parts;
  const access = { tls: secure === 's', ...parseCredentials(credentials) };
  const query = new URLSearchParams(search);
  const addresses = hosts.split(',').map((host) => parseAddress(host, form));
  const [address] = addresses;
  if (address === undefined) throw new RedisUrlFault(FORMS);
  switch (form) {
    case '-cluster':
      allowParameters(query, []);
      if (parseDb(path) !== 0) throw new RedisUrlFault('must not name a database: a Redis Cluster has only 0');
      return { kind: 'cluster', ...access, nodes: addresses };
    case '-sentinel': {
      allowParameters(query, ['name', 'sentinelPassword']);
      const name = query.get('name') ?? '';
      if (name === '') throw new RedisUrlFault('must say what the Sentinels watch: ?name=NAME');
      const sentinelPassword = query.get('sentinelPassword');
      return { kind: 'sentinel', ...access, sentinels: addresses, name, sentinelPassword, db: parseDb(path) };
    }
    default:
      allowParameters(query, []);
      if (addresses.length > 1) throw new RedisUrlFault('must name one server, or begin with redis-cluster://');
      return { kind: 'server', ...access, address, db: parseDb(path) };
  }
}

function parseCredentials(text: string): { readonly username: string | null; readonly password: string | null } {
  if (text === '') return { username: null, password: null };
  const colon = text.indexOf(':');
  const [user, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  return { username: decode(user), password: decode(password) };
}

function decode(text: string): string | null {
  if (text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new RedisUrlFault('must hold user and password percent-encoded', { cause });
  }
}

function parseAddress(text: string, form: string): RedisAddress {
  const [, host = '', port] = ADDRESS.exec(text) ?? [];
  const number = port === undefined ? (form === '-sentinel' ? SENTINEL_PORT : SERVER_PORT) : Number(port);
  if (host === '' || number < 1 || number > 65_535) throw new RedisUrlFault(FORMS);
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

function parseDb(path: string): number {
  if (!/^\d{0,5}$/.test(path)) throw new RedisUrlFault('must end in the number of a database, or in none');
  return Number(path);
}

function allowParameters(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name)) throw new RedisUrlFault(`has a parameter that is not known: ${name}`);
  }
}

/** Where it leads, without user, password and query. */
export function describeRedis(target: RedisTarget): string {
  const scheme = `redis${target.tls ? 's' : ''}${target.kind === 'server' ? '' : `-${target.kind}`}`;
  switch (target.kind) {
    case 'server':
      return `${scheme}://${addressText(target.address)}/${String(target.db)}`;
    case 'cluster':
      return `${scheme}://${target.nodes.map(addressText).join(',')}`;
    case 'sentinel':
      return `${scheme}://${target.sentinels.map(addressText).join(',')}/${String(target.db)}?name=${target.name}`;
  }
}

function addressText({ host, port }: RedisAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
}
