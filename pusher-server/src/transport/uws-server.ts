import type { TemplatedApp, us_listen_socket } from 'uWebSockets.js';
import { findFreePort } from './free-port.ts';
import type { Broadcaster, Socket } from './socket.ts';
import { loadUws, type Uws } from './uws.ts';

/** Certificate files; the passphrase is that of the key. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly passphrase: string | null;
}

/** The address is taken or not ours, or the certificate cannot be used; the message says which. */
export class ListenFailed extends Error {
  readonly code = 'listen_failed';
}

/** A free port may be taken by somebody else between finding and opening it. */
const FREE_PORT_ATTEMPTS = 5;

/** The exclusive option stands after host and port, where the vendor's types do not know it. */
interface ExclusiveListen {
  listen(host: string, port: number, options: number, opened: (token: us_listen_socket | false) => void): void;
}

/** One listening uWebSockets.js app: its routes are added to `app` before `listen`. */
export class UwsServer implements Broadcaster {
  readonly app: TemplatedApp;
  readonly #uws: Uws;
  #listening: us_listen_socket | null = null;

  private constructor(uws: Uws, app: TemplatedApp) {
    this.#uws = uws;
    this.app = app;
  }

  static async create(tls: TlsFiles | null): Promise<UwsServer> {
    const uws = await loadUws();
    if (tls === null) return new UwsServer(uws, uws.App());
    const passphrase = tls.passphrase === null ? {} : { passphrase: tls.passphrase };
    try {
      const files = { cert_file_name: tls.certFile, key_file_name: tls.keyFile, ...passphrase };
      return new UwsServer(uws, uws.SSLApp(files));
    } catch (cause) {
      throw new ListenFailed(`The certificate ${tls.certFile} and the key ${tls.keyFile} cannot be used together.`, {
        cause,
      });
    }
  }

  publish(topic: string, frame: string, except: Socket | null): void {
    if (except === null) this.app.publish(topic, frame);
    else except.publish(topic, frame);
  }

  /** Resolves with the port; 0 asks for any free one. Two processes never share a port by accident. */
  async listen(host: string, port: number): Promise<number> {
    let token = port === 0 ? null : await this.#tryListen(host, port);
    for (let attempt = 0; port === 0 && token === null && attempt < FREE_PORT_ATTEMPTS; attempt++) {
      token = await findFreePort(host).then(
        (free) => this.#tryListen(host, free),
        () => null,
      );
    }
    if (token === null) throw new ListenFailed(`Port ${String(port)} on ${host} is taken or may not be used.`);
    this.#listening = token;
    return this.#uws.us_socket_local_port(token);
  }

  #tryListen(host: string, port: number): Promise<us_listen_socket | null> {
    const app = this.app as unknown as ExclusiveListen;
    return new Promise((resolve) => {
      app.listen(host, port, this.#uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (token) => resolve(token === false ? null : token));
    });
  }

  /** Takes no new connections; those that are open live on. */
  stopListening(): void {
    if (this.#listening !== null) this.#uws.us_listen_socket_close(this.#listening);
    this.#listening = null;
  }

  /** Ends every connection that is still open. */
  close(): void {
    this.stopListening();
    this.app.close();
  }
}
