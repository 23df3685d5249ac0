import { expect } from 'vitest';
import type { AppInput } from '../../src/apps/app.ts';
import type { Config } from '../../src/config.ts';
import { startTestServer, type TestServer } from '../start.ts';
import { framesIn, framesOf, HttpSession, socketIdIn, type LineStream } from './http-client.ts';

/** A server with the fallback sessions that a test opens on it. */
export class FallbackServer {
  readonly #sessions: HttpSession[] = [];
  server: TestServer;

  private constructor(server: TestServer) {
    this.server = server;
  }

  static async open(): Promise<FallbackServer> {
    return new FallbackServer(await startTestServer([{}]));
  }

  /** Starts it anew with other settings. */
  async restart(app: Partial<AppInput> = {}, config: Partial<Config> = {}): Promise<void> {
    await this.server.stop();
    this.server = await startTestServer([app], config);
  }

  session(path?: string): HttpSession {
    const opened = new HttpSession(this.server.port, path);
    this.#sessions.push(opened);
    return opened;
  }

  /** A session whose stream has said who it is. */
  async streaming(): Promise<{ http: HttpSession; stream: LineStream; id: string }> {
    const http = this.session();
    const stream = await http.stream();
    expect(await stream.next()).toBe('o');
    return { http, stream, id: socketIdIn(framesOf(await stream.next())) };
  }

  /** A session whose first poll has said who it is. */
  async polling(): Promise<{ http: HttpSession; id: string }> {
    const http = this.session();
    return { http, id: socketIdIn(framesIn(await http.poll())) };
  }

  async trigger(channel: string, data: string, more: object = {}): Promise<void> {
    const body = JSON.stringify({ name: 'hello', channel, data, ...more });
    expect((await this.server.rest('POST', '/events', { body })).status).toBe(200);
  }

  async close(): Promise<void> {
    for (const session of this.#sessions) session.close();
    await this.server.stop();
  }
}
