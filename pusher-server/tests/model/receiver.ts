import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const delivery = z.object({
  events: z.array(
    z.looseObject({
      name: z.string(),
      channel: z.string(),
      user_id: z.string().optional(),
      event: z.string().optional(),
      subscription_count: z.number().optional(),
    }),
  ),
});

/** What a webhook told, as its channel and line. */
export type Told = readonly [channel: string, line: string];

/** A webhook receiver that keeps what it is told, in the order in which it came. */
export interface Receiver {
  readonly url: string;
  /** Everything up to the first line about `channel`, which is taken off too; waits until there is one. */
  takeUntil(channel: string): Promise<readonly Told[]>;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const told: Told[] = [];
  let look: () => void = () => undefined;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      for (const { name, channel, event, user_id, subscription_count } of delivery.parse(JSON.parse(body)).events) {
        told.push([channel, [name, event, user_id, subscription_count].filter((part) => part !== undefined).join(' ')]);
      }
      response.end();
      look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    takeUntil: (channel) =>
      new Promise((resolve) => {
        look = () => {
          const fence = told.findIndex(([about]) => about === channel);
          if (fence === -1) return;
          look = () => undefined;
          resolve(told.splice(0, fence + 1).slice(0, -1));
        };
        look();
      }),
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}
