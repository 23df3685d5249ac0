import { createServer } from 'node:net';

/**
 * A port that nobody listens on. Asked of Node and not of uWebSockets.js, which opens port 0 without SO_REUSEADDR: a
 * server that was given its port that way could not come back to it for a minute after its stop.
 */
export function findFreePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Whether nobody listens on a port: Node's listener shares it with nobody. */
export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
