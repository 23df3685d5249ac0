import type * as UwsModule from 'uWebSockets.js';

/** What is used of uWebSockets.js, with what its own types leave out. */
export interface Uws {
  App: typeof UwsModule.App;
  SSLApp: typeof UwsModule.SSLApp;
  us_listen_socket_close: typeof UwsModule.us_listen_socket_close;
  us_socket_local_port: (socket: UwsModule.us_listen_socket) => number;
  LIBUS_LISTEN_EXCLUSIVE_PORT: number;
}

/** There is no build of uWebSockets.js for this system; the message says what to do. */
export class TransportUnavailable extends Error {
  readonly code = 'transport_unavailable';
}

/** Loads uWebSockets.js. Throws `TransportUnavailable` where its compiled part cannot be loaded. */
export async function loadUws(): Promise<Uws> {
  try {
    const module: { default: unknown } = await import('uWebSockets.js');
    return module.default as Uws;
  } catch (error) {
    throw new TransportUnavailable(
      `uWebSockets.js has no build that runs here (Node ${process.versions.node}, ${process.platform} ${process.arch}): ` +
        'use Node 20, or Node 22 and 24 on a system with glibc 2.38 or newer (Ubuntu 24.04, Debian 13).',
      { cause: error },
    );
  }
}
