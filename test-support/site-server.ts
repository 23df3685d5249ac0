import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One page of somebody's site. */
export interface SitePage {
  html: string;
  /** Its content security policy; absent: none. */
  policy?: string;
}

/** A site of somebody else's, on an origin of its own. */
export interface SiteServer {
  readonly origin: string;
  /** @returns the page's address */
  publish(path: string, page: SitePage): string;
  stop(): Promise<void>;
}

export async function startSite(): Promise<SiteServer> {
  const pages = new Map<string, SitePage>();
  const server = createServer((request, response) => {
    const page = pages.get(new URL(request.url ?? '/', 'http://site').pathname);
    response.writeHead(page ? 200 : 404, {
      'Content-Type': 'text/html; charset=utf-8',
      ...(page?.policy ? { 'Content-Security-Policy': page.policy } : {}),
    });
    response.end(page?.html ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    publish(path, page) {
      pages.set(path, page);
      return origin + path;
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
