import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import Pusher from 'pusher-js';
import { eventually } from './http-calls.ts';

/** What WoLive's document shows of a site's own code, for tests that are written from the document alone. */

type Fields = Record<string, unknown>;

/** The document's visitor: whatever the site names, and the channel made of it. */
export function visiterOf(visiter_id: string, business_id: string) {
  return { visiter_id, business_id, channel: Buffer.from(`${visiter_id}/${business_id}`).toString('hex') };
}

/** The document's pusher-js client; what comes on its channels is kept until somebody asks for it. */
export class DocumentedClient {
  readonly #pusher: Pusher;
  readonly #heard: { event: string; channel: string; data: Fields }[] = [];

  constructor(appKey: string, port: number) {
    const documented = { encrypted: false, enabledTransports: ['ws' as const], wsHost: '127.0.0.1', wsPort: port };
    // Of npm's pusher-js; the one that is served to browsers takes the document's options as they are.
    this.#pusher = new Pusher(appKey, { ...documented, cluster: '', forceTLS: documented.encrypted });
  }

  async subscribe(...channels: string[]): Promise<void> {
    for (const name of channels) {
      const channel = this.#pusher.subscribe(name);
      channel.bind_global((event: string, data: Fields) => void this.#heard.push({ event, channel: name, data }));
      await eventually(
        () => Promise.resolve(channel.subscribed),
        (done) => done,
      );
    }
  }

  /** The data of the first event of that name on that channel that fits, which is then forgotten. */
  async hear(channel: string, event: string, fits: (data: Fields) => boolean = () => true): Promise<Fields> {
    const find = () => this.#heard.findIndex((one) => one.channel === channel && one.event === event && fits(one.data));
    const index = await eventually(
      () => Promise.resolve(find()),
      (found) => found >= 0,
    );
    return this.#heard.splice(index, 1)[0]?.data ?? {};
  }

  close(): void {
    this.#pusher.disconnect();
  }
}

/** The document's receiver of section 5, in Express. What it was told stands in `told`; then the product hears of it. */
export async function documentedReceiver(appSecret: string, forwardTo: () => string) {
  const told: string[] = [];
  const app = express();
  app.post('/admin/event', express.raw({ type: () => true }), async (req, res) => {
    const body = req.body as Buffer;
    const webhookSignature = req.get('x-pusher-signature') ?? '';
    const expectedSignature = createHmac('sha256', appSecret).update(body).digest('hex');
    if (webhookSignature === expectedSignature) {
      const payload = JSON.parse(body.toString()) as { events: { name: string; channel: string }[] };
      for (const event of payload.events) {
        if (event.name === 'channel_removed') told.push(`${event.name} ${event.channel}`);
        if (event.name === 'channel_added') told.push(`${event.name} ${event.channel}`);
      }
    }
    const answer = await fetch(`${forwardTo()}/admin/event`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Pusher-Signature': webhookSignature },
      body: body.toString(),
    });
    res.status(answer.status).end();
  });
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin/event`;
  return { url, told, close: () => void server.close() };
}
