import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { readUsage } from './usage.ts';

/** The metrics endpoint while it is open. */
export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The metrics port is taken or not ours; the message names it. */
export class MetricsPortTaken extends Error {
  readonly code = 'metrics_port_taken';
}

/** Serves `GET /metrics` and `GET /usage` on a port of its own. Rejects with `MetricsPortTaken` when the port cannot be had. */
export async function startMetricsServer(
  registry: Registry,
  host: string,
  port: number,
  report: (error: unknown) => void,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && path === '/usage') {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(readUsage()));
      return;
    }
    if (!isRead || path !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry
      .metrics()
      .then((text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text))
      .catch((error: unknown) => {
        report(error);
        response.writeHead(500).end();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new MetricsPortTaken(`Metrics port ${String(port)} on ${host} is taken or may not be used.`, { cause }));
    });
    server.listen(port, host, resolve);
  });
  server.on('error', report);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
