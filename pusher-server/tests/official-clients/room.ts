import Pusher from 'pusher';
import type { AppInput } from '../../src/apps/app.ts';
import type { Config } from '../../src/config.ts';
import { APP, startTestServer, type TestServer } from '../start.ts';
import type { Client, Identity } from './clients.ts';

/** The official server library, pointed at a server of ours. */
export function restLibrary(port: number, secret = APP.secret): Pusher {
  return new Pusher({
    appId: APP.id,
    key: APP.key,
    secret,
    host: '127.0.0.1',
    port: String(port),
    useTLS: false,
    encryptionMasterKeyBase64: Buffer.alloc(32, 7).toString('base64'),
  });
}

/** A server with the library beside it and the clients that were opened. */
export class Room {
  readonly rest: Pusher;
  readonly port: number;
  #server: TestServer;
  readonly #clients: Client[] = [];

  private constructor(server: TestServer) {
    this.#server = server;
    this.port = server.port;
    this.rest = restLibrary(server.port);
  }

  static async open(app: Partial<AppInput> = {}, config: Partial<Config> = {}): Promise<Room> {
    return new Room(await startTestServer([app], config));
  }

  /** Opens a client as a user of the app. */
  enter<Kind extends Client>(open: (identity: Identity) => Kind, user: string, more: Partial<Identity> = {}): Kind {
    const client = open({ rest: this.rest, user, port: this.port, ...more });
    this.#clients.push(client);
    return client;
  }

  /** Stops the server as a deployment does, and starts another one at its address. */
  async replaceServer(app: Partial<AppInput> = {}): Promise<void> {
    await this.#server.stop();
    this.#server = await startTestServer([app], { port: this.port });
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await this.#server.stop();
  }
}
