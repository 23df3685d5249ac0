import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpServer {
  port: number;
  /** By the address that is listened on; `WEB_URL` may say another. */
  url: string;
  serve(listener: RequestListener): void;
  /** Takes no new requests and resolves when those under way are answered, or after `LONGEST_STOP_MS`. */
  close(): Promise<void>;
}

const LONGEST_STOP_MS = 10_000;

/** Requests that come before there is anything to serve them wait for it: it is a matter of one turn of the loop. */
export function listen(bindHost: string, port: number): Promise<HttpServer> {
  const server = http.createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, bindHost, () => {
      server.removeListener('error', reject);
      const address = server.address() as AddressInfo;
      resolve({
        port: address.port,
        url: `http://${hostInUrl(bindHost)}:${address.port}`,
        serve: (listener) => void server.on('request', listener),
        close: () => closeGracefully(server),
      });
    });
  });
}

/** What a browser on this machine can type for the address that is listened on. */
function hostInUrl(bindHost: string): string {
  if (bindHost === '0.0.0.0' || bindHost === '::') return '127.0.0.1';
  return bindHost.includes(':') ? `[${bindHost}]` : bindHost;
}

function closeGracefully(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => server.closeAllConnections(), LONGEST_STOP_MS);
    server.close(() => {
      clearTimeout(limit);
      resolve();
    });
    server.closeIdleConnections();
  });
}
