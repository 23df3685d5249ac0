import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Usage } from './usage.ts';

/** What the endpoint tells: of one process, or of several together. */
export interface MetricsSource {
  readonly contentType: string;
  /** In the text form of Prometheus. */
  metrics(): Promise<string>;
  usage(): Promise<Usage>;
}

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
  source: MetricsSource,
  host: string,
  port: number,
  report: (error: unknown) => void,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const answer = isRead ? answerTo(source, path) : null;
    if (answer === null) {
      response.writeHead(404).end();
      return;
    }
    answer
      .then(({ type, text }) => response.writeHead(200, { 'Content-Type': type }).end(text))
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

/** The answer that a path has; `null` for any other. */
function answerTo(source: MetricsSource, path = ''): Promise<{ type: string; text: string }> | null {
  switch (path) {
    case '/metrics':
      return source.metrics().then((text) => ({ type: source.contentType, text }));
    case '/usage':
      return source.usage().then((usage) => ({ type: 'application/json', text: JSON.stringify(usage) }));
    default:
      return null;
  }
}
