import { z } from 'zod';
import { channelAuth } from '../src/protocol/signature.ts';
import { APP } from './start.ts';

/** What these helpers need of a queueing client. */
interface Client {
  next(predicate?: (message: unknown) => boolean, ms?: number): Promise<unknown>;
  send(value: unknown): void;
}

const frameSchema = z.looseObject({ event: z.string(), channel: z.string().optional(), data: z.unknown().optional() });
export type Frame = z.infer<typeof frameSchema>;

/** The next frame, or the next with this event name. */
export async function frame(client: Client, event?: string): Promise<Frame> {
  const message = await client.next((candidate) => event === undefined || frameSchema.parse(candidate).event === event);
  return frameSchema.parse(message);
}

/** Waits for the greeting and answers the socket id. */
export async function greeted(client: Client): Promise<string> {
  const greeting = await frame(client);
  const data = z.object({ socket_id: z.string(), activity_timeout: z.number() });
  return data.parse(JSON.parse(z.string().parse(greeting.data))).socket_id;
}

/** A `pusher:subscribe` for any channel, signed where it has to be. */
export function subscribeFrame(socketId: string, channel: string, channelData?: unknown): unknown {
  const text = channelData === undefined ? null : JSON.stringify(channelData);
  const auth = /^(private|presence)-/.test(channel) ? channelAuth(APP, socketId, channel, text) : '';
  return { event: 'pusher:subscribe', data: { auth, channel, ...(text === null ? {} : { channel_data: text }) } };
}

/** Subscribes and waits for the answer, whichever it is. */
export async function subscribed(client: Client, socketId: string, channel: string, data?: unknown): Promise<Frame> {
  client.send(subscribeFrame(socketId, channel, data));
  const answer = await client.next((candidate) => {
    const { event, channel: about } = frameSchema.parse(candidate);
    return about === channel && /subscription_(succeeded|error)$/.test(event);
  });
  return frameSchema.parse(answer);
}

/** Says something that is always answered, and answers what came before that answer. */
export async function settled(client: Client & { readonly pending: readonly unknown[] }): Promise<Frame[]> {
  const before: Frame[] = [];
  client.send({ event: 'pusher:ping', data: {} });
  for (let next = await frame(client); next.event !== 'pusher:pong'; next = await frame(client)) before.push(next);
  return before;
}
