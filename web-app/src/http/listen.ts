import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
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

/** Requests that come before there is anything to serve them wait for it. */
export function listen(bindHost: string, port: number): Promise<HttpServer> {
  const early: [IncomingMessage, ServerResponse][] = [];
  let answer: RequestListener = (request, response) => early.push([request, response]);
  const server = http.createServer((request, response) => answer(request, response));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, bindHost, () => {
      server.removeListener('error', reject);
      const address = server.address() as AddressInfo;
      resolve({
        port: address.port,
        url: `http://${hostInUrl(bindHost)}:${address.port}`,
        serve: (listener) => {
          answer = listener;
          for (const [request, response] of early.splice(0)) listener(request, response);
        },
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
