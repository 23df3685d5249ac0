import type { us_listen_socket } from 'uWebSockets.js';
import { findFreePort, isFree } from './free-port.ts';
import { homeOf, type ServedApp } from './served-app.ts';
import type { Broadcaster, Socket } from './socket.ts';
import { tlsDigest, tlsFault, type TlsFiles } from './tls-files.ts';
import { loadUws, type Uws } from './uws.ts';

/** The address is taken or not ours, or the certificate cannot be used; the message says which. */
export class ListenFailed extends Error {
  readonly code = 'listen_failed';
}

/** The refusal of a port, in one sentence. */
export function portTaken(host: string, port: number): ListenFailed {
  return new ListenFailed(`Port ${String(port)} on ${host} is taken or may not be used.`);
}

/** A free port may be taken by somebody else between finding and opening it. */
const FREE_PORT_ATTEMPTS = 5;
/** The vendor's own default: the port may be opened again, by other workers or to replace a certificate. */
const SHARED = 0;

/** The options stand after host and port, where the vendor's types do not know them. */
interface ListenWithOptions {
  listen(host: string, port: number, options: number, opened: (token: us_listen_socket | false) => void): void;
}

/** What listens now, and where. */
interface Listening {
  readonly token: us_listen_socket;
  readonly host: string;
  readonly port: number;
}

/**
 * One listening address. The vendor reads a certificate once, so a new one means a new app that takes over the port;
 * the old one keeps the sockets that it has and is published to until they are gone.
 */
export class UwsServer implements Broadcaster {
  readonly #uws: Uws;
  readonly #tls: TlsFiles | null;
  #current: ServedApp;
  /** The apps of former certificates, one for each change since the start. */
  readonly #former: ServedApp[] = [];
  /** What distinguishes the certificate in use from another. */
  #certificate: string;
  #addRoutes: (served: ServedApp) => void = () => undefined;
  #listening: Listening | null = null;
  #reloading: Promise<string | null> = Promise.resolve(null);

  private constructor(uws: Uws, tls: TlsFiles | null) {
    this.#uws = uws;
    this.#tls = tls;
    this.#certificate = tls === null ? '' : tlsDigest(tls);
    this.#current = this.#create();
  }

  static async create(tls: TlsFiles | null): Promise<UwsServer> {
    const uws = await loadUws();
    const fault = tls === null ? null : tlsFault(tls);
    if (fault !== null) throw new ListenFailed(fault);
    return new UwsServer(uws, tls);
  }

  /** `addRoutes` is called for this app, and for every other that a change of certificate brings. */
  serve(addRoutes: (served: ServedApp) => void): void {
    this.#addRoutes = addRoutes;
    addRoutes(this.#current);
  }

  publish(topic: string, frame: string, except: Socket | null): void {
    if (this.#former.length > 0) this.#publishToAll(topic, frame, except);
    else if (except === null) this.#current.app.publish(topic, frame);
    else except.publish(topic, frame);
  }

  /**
   * Resolves with the port; 0 asks for any free one. Two processes never share a port by accident: with `isShared`
   * others may listen there too, and whoever starts them has looked that nobody else does.
   */
  async listen(host: string, port: number, isShared = false): Promise<number> {
    let token = port === 0 ? null : await this.#tryListen(host, port, isShared);
    for (let attempt = 0; port === 0 && token === null && attempt < FREE_PORT_ATTEMPTS; attempt++) {
      token = await findFreePort(host).then(
        (free) => this.#tryListen(host, free, isShared),
        () => null,
      );
    }
    if (token === null) throw portTaken(host, port);
    this.#listening = { token, host, port: this.#uws.us_socket_local_port(token) };
    return this.#listening.port;
  }

  /**
   * Reads the certificate again and takes new connections with it; those that are open live on. Answers why it cannot
   * be used, the old one then staying in use, or `null`.
   */
  reloadCertificate(): Promise<string | null> {
    this.#reloading = this.#reloading.then(() => this.#replaceCertificate());
    return this.#reloading;
  }

  /** Takes no new connections; those that are open live on. */
  stopListening(): void {
    if (this.#listening !== null) this.#uws.us_listen_socket_close(this.#listening.token);
    this.#listening = null;
  }

  /** Ends every connection that is still open. */
  close(): void {
    this.stopListening();
    for (const { app } of [...this.#former, this.#current]) app.close();
  }

  async #replaceCertificate(): Promise<string | null> {
    if (this.#tls === null || this.#listening === null) return null;
    const fault = tlsFault(this.#tls);
    if (fault !== null) return fault;
    const certificate = tlsDigest(this.#tls);
    if (certificate === this.#certificate) return null;
    const { token, host, port } = this.#listening;
    const next = this.#create();
    this.#addRoutes(next);
    const opened = await this.#open(next, host, port, SHARED);
    if (opened === null) return `port ${String(port)} cannot be opened a second time`;
    if (!this.#isListening()) {
      this.#uws.us_listen_socket_close(opened);
      return null;
    }
    this.#former.push(this.#current);
    this.#current = next;
    this.#certificate = certificate;
    this.#listening = { token: opened, host, port };
    this.#uws.us_listen_socket_close(token);
    return null;
  }

  /** Asked after a wait, in which everything may have been stopped. */
  #isListening(): boolean {
    return this.#listening !== null;
  }

  #create(): ServedApp {
    if (this.#tls === null) return { app: this.#uws.App(), sockets: 0 };
    const { certFile, keyFile, passphrase } = this.#tls;
    const files = { cert_file_name: certFile, key_file_name: keyFile };
    return { app: this.#uws.SSLApp(passphrase === null ? files : { ...files, passphrase }), sockets: 0 };
  }

  #publishToAll(topic: string, frame: string, except: Socket | null): void {
    const home = except === null ? null : homeOf(except);
    for (const served of [this.#current, ...this.#former]) {
      if (served.sockets === 0) continue;
      if (except !== null && served === home) except.publish(topic, frame);
      else served.app.publish(topic, frame);
    }
  }

  /** A port that is to be shared with ourselves later is first tried with a listener that shares with nobody. */
  async #tryListen(host: string, port: number, isShared: boolean): Promise<us_listen_socket | null> {
    if (isShared) return this.#open(this.#current, host, port, SHARED);
    if (this.#tls === null) return this.#open(this.#current, host, port, this.#uws.LIBUS_LISTEN_EXCLUSIVE_PORT);
    return (await isFree(host, port)) ? this.#open(this.#current, host, port, SHARED) : null;
  }

  #open(served: ServedApp, host: string, port: number, options: number): Promise<us_listen_socket | null> {
    const app = served.app as unknown as ListenWithOptions;
    return new Promise((resolve) => {
      app.listen(host, port, options, (token) => resolve(token === false ? null : token));
    });
  }
}
