import type { HttpConnection } from './http-connection.ts';

/** Sends all requests over the connections, one under way on each; resolves when the last has been answered. */
export async function sendAll(connections: readonly HttpConnection[], requests: readonly Buffer[]): Promise<void> {
  let next = 0;
  await Promise.all(
    connections.map(async (connection) => {
      for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
        await connection.request(request);
      }
    }),
  );
}
