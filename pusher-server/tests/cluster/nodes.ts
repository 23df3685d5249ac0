import { expect } from 'vitest';
import { choosePort } from '../../../scripts/environment/free-port.ts';
import { startPusherServer, type PusherServerProcess } from '../../../test-support/pusher-server.ts';
import { severableLink, type SeverableLink } from '../../../test-support/severable-link.ts';
import type { AppInput } from '../../src/apps/app.ts';
import { APP, signedUrl, type RequestOptions } from '../start.ts';
import { Guest } from './guest.ts';
import { Receiver } from './receiver.ts';

/** How long a dead node's share is believed here; short, so that repairs can be waited for. */
export const LEASE_MS = 2_000;
/** How long tests wait for nodes to agree again: what rule K90 promises, and the same again for a busy machine, twice. */
export const PATIENCE_MS = (LEASE_MS + 2_000) * 3;

/** For tests that start several servers while others do the same. */
export const BUSY_TEST_MS = 90_000;

export interface NodesOptions {
  readonly count?: number;
  /** What `REDIS_URL` says, when it is not a single server on `redisPort`. */
  readonly redisUrl?: string;
  readonly redisPort?: number;
  /** Further settings of the first app. */
  readonly app?: Partial<AppInput>;
  readonly furtherApps?: readonly (Partial<AppInput> & Pick<AppInput, 'id' | 'key' | 'secret'>)[];
  readonly webhookDelayMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

interface Place {
  process: PusherServerProcess;
  /** Between the node and a single Redis. */
  readonly link: SeverableLink | null;
  readonly start: (port: number) => Promise<PusherServerProcess>;
}

type App = Readonly<Record<string, unknown>> & { readonly id: string; readonly key: string; readonly secret: string };

/** Two or three real servers with one Redis, a receiver of their webhooks, and everybody who connected to them. */
export class Nodes {
  readonly receiver: Receiver;
  readonly #places: readonly Place[];
  readonly #guests = new Set<Guest>();

  private constructor(receiver: Receiver, places: readonly Place[]) {
    this.receiver = receiver;
    this.#places = places;
  }

  static async open(options: NodesOptions): Promise<Nodes> {
    const receiver = await Receiver.open();
    const webhooks = [{ url: receiver.url }];
    const apps: App[] = [
      { ...APP, webhooks, ...options.app },
      ...(options.furtherApps ?? []).map((app) => ({ webhooks, ...app })),
    ];
    const open = () => openPlace(options, apps);
    return new Nodes(receiver, await Promise.all(Array.from({ length: options.count ?? 2 }, open)));
  }

  get count(): number {
    return this.#places.length;
  }

  port(node: number): number {
    return this.#place(node).process.port;
  }

  process(node: number): PusherServerProcess {
    return this.#place(node).process;
  }

  /** The network between a node and Redis. */
  link(node: number): SeverableLink {
    const { link } = this.#place(node);
    if (link === null) throw new Error('these nodes reach several Redis servers');
    return link;
  }

  /** Starts a node again at its port, after it has ended. */
  async restart(node: number): Promise<void> {
    const place = this.#place(node);
    place.process = await place.start(place.process.port);
  }

  async guest(node: number, key?: string): Promise<Guest> {
    const guest = await Guest.enter(this.port(node), key);
    this.#guests.add(guest);
    return guest;
  }

  /** A signed REST request to one node. */
  rest(node: number, method: 'GET' | 'POST', path: string, options: RequestOptions = {}): Promise<Response> {
    const body = options.body === undefined ? {} : { body: options.body };
    return fetch(signedUrl(this.port(node), method, path, options), { method, ...body });
  }

  /** What a GET answers, decoded. */
  async get(node: number, path: string, options?: RequestOptions): Promise<unknown> {
    const response = await this.rest(node, 'GET', path, options);
    expect(response.status).toBe(200);
    return response.json();
  }

  /** Triggers an event; answers the status. */
  async trigger(node: number, channel: string, data: string, more: object = {}, name = 'e'): Promise<number> {
    const body = JSON.stringify({ name, channel, data, ...more });
    return (await this.rest(node, 'POST', '/events', { body })).status;
  }

  /** One value of a node's metrics, summed over its labels; `name` without the prefix. */
  async metric(node: number, name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${String(this.process(node).metricsPort)}/metrics`)).text();
    const values = text
      .split('\n')
      .filter((line) => line.startsWith(`soketi_${name} `) || line.startsWith(`soketi_${name}{`))
      .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
    if (values.length === 0) throw new Error(`no metric is called ${name}`);
    return values.reduce((sum, value) => sum + value, 0);
  }

  /** Stops what still runs, which has to end well, and checks that repeated deliveries had the same bytes. */
  async close(): Promise<void> {
    for (const { client } of this.#guests) client.socket.terminate();
    this.receiver.release();
    const codes = await Promise.all(this.#places.map(({ process }) => process.stop()));
    for (const { link } of this.#places) await link?.close();
    await this.receiver.close();
    // null: killed by the test.
    expect(codes.filter((code) => code !== null && code !== 0)).toEqual([]);
    expect(this.receiver.faults).toEqual([]);
  }

  #place(node: number): Place {
    const place = this.#places[node];
    if (place === undefined) throw new Error(`there is no node ${String(node)}`);
    return place;
  }
}

async function openPlace(options: NodesOptions, apps: readonly App[]): Promise<Place> {
  const link = options.redisPort === undefined ? null : await severableLink(options.redisPort);
  const redisUrl = link === null ? (options.redisUrl ?? '') : `redis://127.0.0.1:${String(link.port)}`;
  const start = (port: number) =>
    startPusherServer({
      apps,
      env: {
        PUSHER_PORT: String(port),
        REDIS_URL: redisUrl,
        PUSHER_NODE_LEASE_MS: String(LEASE_MS),
        PUSHER_WEBHOOK_DELAY_MS: String(options.webhookDelayMs ?? 0),
        PUSHER_WEBHOOK_BATCH_MS: '10',
        PUSHER_SHUTDOWN_GRACE_MS: '300',
        LOG_LEVEL: 'warn',
        ...options.env,
      },
    });
  // Not one that the system hands out to others while the node is down.
  return { process: await start(await choosePort()), link, start };
}
